package learning

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// deletedFolder of a data set keeps the files of deleted episodes until Purge.
const deletedFolder = ".deleted"

// ErrDeleted: an episode was deleted from its data set.
var ErrDeleted = errors.New("deleted")

// Delete takes episodes out of the set: they are no longer counted, loaded or
// trained on. Their entries stay, so that every other episode keeps its number, its
// file and its seed, and a collection goes on where it was. Their files are kept aside
// until Purge, and Restore brings them back until then.
//
// The manifest is written first, so a crash leaves either the set as it was, or one
// without the episodes and perhaps with their files, which Purge finds.
func (d *Dataset) Delete(numbers ...int) error {
	entries := slices.Clone(d.Entries)
	for _, i := range numbers {
		switch {
		case i < 0 || i >= len(entries):
			return fmt.Errorf("data set %s: no episode %d, it has %d", d.Dir, i, len(entries))
		case entries[i].Dropped:
			return fmt.Errorf("data set %s: episode %d was removed already", d.Dir, i)
		}
		entries[i].Dropped, entries[i].Deleted = true, true
	}
	aside := filepath.Join(d.Dir, deletedFolder)
	if err := os.MkdirAll(aside, 0o755); err != nil {
		return writeError(aside, err)
	}
	if err := d.save(entries); err != nil {
		return err
	}
	var failed error
	for _, i := range numbers {
		err := os.Rename(filepath.Join(d.Dir, entries[i].File), filepath.Join(aside, entries[i].File))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // a file that was gone is as good as moved
			failed = errors.Join(failed, err)
		}
	}
	return failed
}

// Restore undoes Delete. An episode whose file is gone is an error that wraps
// fs.ErrNotExist and changes nothing.
func (d *Dataset) Restore(numbers ...int) error {
	entries := slices.Clone(d.Entries)
	var moves [][2]string
	for _, i := range numbers {
		if i < 0 || i >= len(entries) || !entries[i].Deleted {
			return fmt.Errorf("data set %s: no deleted episode %d", d.Dir, i)
		}
		there, aside := filepath.Join(d.Dir, entries[i].File), filepath.Join(d.Dir, deletedFolder, entries[i].File)
		if _, err := os.Stat(aside); err == nil {
			moves = append(moves, [2]string{aside, there})
		} else if _, err := os.Stat(there); err != nil {
			return &FileError{there, fs.ErrNotExist, "it was deleted for good"}
		}
		entries[i].Dropped, entries[i].Deleted = false, false
	}
	for _, m := range moves {
		if err := os.Rename(m[0], m[1]); err != nil {
			return err
		}
	}
	_ = os.Remove(filepath.Join(d.Dir, deletedFolder)) // if nothing else is in it
	return d.save(entries)
}

// Purge removes the files of deleted episodes for good.
func (d *Dataset) Purge() error {
	err := os.RemoveAll(filepath.Join(d.Dir, deletedFolder))
	for _, e := range d.Entries {
		if e.Deleted {
			err = errors.Join(err, d.remove(e)) // a crash may have kept it in its place
		}
	}
	return err
}

// Episodes is the number of episodes that were not deleted.
func (d *Dataset) Episodes() int {
	n := 0
	for _, e := range d.Entries {
		if !e.Deleted {
			n++
		}
	}
	return n
}
