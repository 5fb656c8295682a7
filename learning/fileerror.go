package learning

import (
	"errors"
	"fmt"
	"io/fs"
)

// What can be wrong with a file. A FileError wraps one of these.
var (
	// ErrForeign: the file or folder is something else altogether.
	ErrForeign = errors.New("not written by this program")
	// ErrTruncated: the file ends early.
	ErrTruncated = errors.New("truncated")
	// ErrCorrupt: the contents contradict themselves or their checksum.
	ErrCorrupt = errors.New("corrupt")
	// ErrVersion: written by another version of this program.
	ErrVersion = errors.New("other format version")
	// ErrDiskFull: there was no room. What was there before is still there.
	ErrDiskFull = errors.New("disk full")
)

// FileError says which file could not be used, and why. Unwrap gives one of the
// Err values above, or the system's error.
type FileError struct {
	Path   string
	Reason error
	Detail string // in words; may be empty
}

func (e *FileError) Error() string {
	if e.Detail == "" {
		return fmt.Sprintf("%s: %v", e.Path, e.Reason)
	}
	return fmt.Sprintf("%s: %v: %s", e.Path, e.Reason, e.Detail)
}

func (e *FileError) Unwrap() error { return e.Reason }

// flaw is a FileError whose path is filled in by whoever opened the file.
func flaw(reason error, format string, args ...any) *FileError {
	return &FileError{Reason: reason, Detail: fmt.Sprintf(format, args...)}
}

// atPath names the file in an error that a reader of bytes returned.
func atPath(path string, err error) error {
	if err == nil {
		return nil
	}
	if fe, ok := err.(*FileError); ok && fe.Path == "" {
		return &FileError{path, fe.Reason, fe.Detail}
	}
	if pe, ok := err.(*fs.PathError); ok && pe.Path == path {
		err = pe.Err // once is enough
	}
	return &FileError{Path: path, Reason: err}
}
