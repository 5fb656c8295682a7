package learning

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"
)

// lockName is the file by which a process claims a folder.
const lockName = "in-use.lock"

// errLocked: another open file holds the lock.
var errLocked = errors.New("locked")

// Lock claims a folder for one writer. The claim is the operating system's, on an
// open file, so it ends with the process however that ends: a lock file that a
// kill left behind claims nothing.
type Lock struct {
	file *os.File
	path string
}

// lockOwner is what the file says, for others to read.
type lockOwner struct {
	PID     int       `json:"pid"`
	Host    string    `json:"host,omitempty"`
	Command string    `json:"command,omitempty"`
	Since   time.Time `json:"since"`
}

// BusyError: another process, or another run of this one, is writing to a folder.
type BusyError struct {
	Dir     string
	PID     int    // 0 if it did not say
	Host    string // on which it runs
	Command string // what was typed; may be empty
	Since   time.Time
}

func (e *BusyError) Error() string {
	if e.PID == 0 {
		return e.Dir + ": in use by another process"
	}
	who := fmt.Sprintf("process %d", e.PID)
	if host, err := os.Hostname(); err == nil && e.Host != host {
		who += " on " + e.Host
	}
	if e.Command != "" {
		who += " (" + e.Command + ")"
	}
	return fmt.Sprintf("%s: in use by %s since %s; stop it or choose another folder",
		e.Dir, who, e.Since.Format("2006-01-02 15:04:05"))
}

// LockFolder claims an existing folder until Release. command tells others who
// holds it. If somebody else does, the error is a *BusyError.
func LockFolder(dir, command string) (*Lock, error) {
	path := filepath.Join(dir, lockName)
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, writeError(dir, err)
		}
		if err := lockFile(f); err != nil {
			if errors.Is(err, errLocked) {
				err = busy(dir, f)
			} else {
				err = &FileError{dir, err, "the folder cannot be locked"}
			}
			return nil, errors.Join(err, f.Close())
		}
		l := &Lock{f, path}
		if !l.current() { // its last owner removed it between opening and locking
			f.Close()
			continue
		}
		if err := l.sign(command); err != nil {
			return nil, errors.Join(err, l.Release())
		}
		return l, nil
	}
}

// Locked is a *BusyError if somebody is writing to dir, nil if nobody is.
func Locked(dir string) error {
	f, err := os.Open(filepath.Join(dir, lockName))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	if err := lockFile(f); errors.Is(err, errLocked) {
		return busy(dir, f)
	}
	return nil // closing ends this claim too
}

// current says whether the file still is the one at its path.
func (l *Lock) current() bool {
	mine, err1 := l.file.Stat()
	there, err2 := os.Stat(l.path)
	return err1 == nil && err2 == nil && os.SameFile(mine, there)
}

// sign writes who holds the lock. Without room for that it holds all the same.
func (l *Lock) sign(command string) error {
	host, _ := os.Hostname() // only to be read by people
	text, err := json.Marshal(lockOwner{os.Getpid(), host, command, time.Now().Truncate(time.Second)})
	if err != nil {
		return err
	}
	if err := l.file.Truncate(0); err != nil {
		return writeError(l.path, err)
	}
	if _, err := l.file.WriteAt(append(text, '\n'), 0); err != nil && !outOfRoom(err) {
		return writeError(l.path, err)
	}
	return nil
}

// Release gives the folder back.
func (l *Lock) Release() error {
	var err error
	if l.current() { // else the folder is gone, or somebody else's
		err = os.Remove(l.path)
	}
	return errors.Join(err, l.file.Close())
}

// busy reads who holds a lock; a file that does not say leaves it open.
func busy(dir string, f io.Reader) error {
	var o lockOwner
	if text, err := io.ReadAll(io.LimitReader(f, 1<<16)); err != nil || json.Unmarshal(text, &o) != nil {
		o = lockOwner{}
	}
	return &BusyError{dir, o.PID, o.Host, o.Command, o.Since}
}
