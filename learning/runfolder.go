package learning

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// deletedPrefix marks the folder of a run while it is being removed.
const deletedPrefix = ".deleted-"

// RenameRun moves a run folder. It is refused while somebody trains into it, and if
// there is something at the new place.
func RenameRun(dir, to string) error {
	lock, err := claimRun(dir)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(&FileError{to, fs.ErrExist, "choose another name"}, lock.Release())
	}
	err = os.Rename(dir, to)
	if err == nil {
		lock.path = filepath.Join(to, lockName)
	}
	return errors.Join(err, lock.Release())
}

// DeleteRun removes a run folder and everything in it. It is refused while somebody
// trains into it, and for a folder that holds no run. The folder is out of the way
// at once; should the program end before all of it is removed, the next DeleteRun
// beside it removes the rest.
func DeleteRun(dir string) error {
	lock, err := claimRun(dir)
	if err != nil {
		return err
	}
	parent := filepath.Dir(filepath.Clean(dir))
	gone, err := os.MkdirTemp(parent, deletedPrefix)
	if err == nil {
		err = os.Rename(dir, filepath.Join(gone, filepath.Base(dir)))
	}
	if err = errors.Join(err, lock.Release()); err != nil {
		return err
	}
	return sweepDeleted(parent)
}

// sweepDeleted removes what deletions left in a folder of runs.
func sweepDeleted(parent string) error {
	entries, err := os.ReadDir(parent)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), deletedPrefix) {
			err = errors.Join(err, os.RemoveAll(filepath.Join(parent, e.Name())))
		}
	}
	return err
}

// claimRun locks a folder that holds a run.
func claimRun(dir string) (*Lock, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, atPath(dir, err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), checkpointPrefix) { // a damaged one counts
			return LockFolder(dir, "")
		}
	}
	return nil, &FileError{dir, ErrNoRun, "so it is left alone"}
}
