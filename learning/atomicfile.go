package learning

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// tempMark is in the name of every unfinished file, so that leftovers of a kill
// can be told from data.
const tempMark = ".unfinished-"

// disk writes files whole or not at all: into a temporary file of the same
// folder, synced, then renamed over the old one. The zero value uses the
// operating system and waits for the hardware; tests replace create to run out
// of room, and do without the waiting where no power can fail.
type disk struct {
	create   func(path string) (tempFile, error)
	unsynced bool
}

type tempFile interface {
	io.Writer
	Name() string
	Sync() error
	Close() error
}

// ReplaceFile writes path through fill, whole or not at all; a lack of room is an
// ErrDiskFull.
func ReplaceFile(path string, fill func(io.Writer) error) error { return disk{}.replace(path, fill) }

// replace writes path through fill. On any error the old file is untouched, the
// temporary one is gone, and a lack of room is an ErrDiskFull.
func (d disk) replace(path string, fill func(io.Writer) error) error {
	create := d.create
	if create == nil {
		create = func(path string) (tempFile, error) { return os.Create(path) }
	}
	f, err := create(path + tempMark + strconv.Itoa(os.Getpid()))
	if err != nil {
		return writeError(path, err)
	}
	w := bufio.NewWriterSize(f, 1<<16)
	err = fill(w)
	if err == nil {
		err = w.Flush()
	}
	if err == nil {
		err = d.sync(f)
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return writeError(path, err)
	}
	d.syncFolder(filepath.Dir(path))
	return nil
}

func (d disk) sync(f interface{ Sync() error }) error {
	if d.unsynced {
		return nil
	}
	return f.Sync()
}

func (d disk) replaceBytes(path string, data []byte) error {
	return d.replace(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// syncFolder makes a rename outlast a power cut. Not every file system can, and
// the file itself is safe either way, so failure is not an error.
func (d disk) syncFolder(dir string) {
	if d.unsynced {
		return
	}
	if f, err := os.Open(dir); err == nil {
		f.Sync()
		f.Close()
	}
}

func writeError(path string, err error) error {
	if outOfRoom(err) {
		return &FileError{path, ErrDiskFull, "make room and continue; nothing was lost"}
	}
	return &FileError{Path: path, Reason: err}
}

func outOfRoom(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// sweep removes the unfinished files that a kill left in dir.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), tempMark) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}
