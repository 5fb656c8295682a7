package engine

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/latco-studio/latco/learning"
)

// dataInUse says why a data set must not be changed: somebody writes to it, or a run
// that is being trained learns from it. Nil if it may be.
func dataInUse(home, dir string) error {
	parent := filepath.Dir(dir)
	for _, locked := range []string{dir, parent, filepath.Dir(parent)} { // a run may have no checkpoint yet
		if err := learning.Locked(locked); err != nil {
			return err
		}
	}
	for _, run := range subfolders(RunsFolder(home)) {
		busy := learning.Locked(run)
		if busy == nil {
			continue
		}
		for _, data := range learnsFrom(run) {
			if sameFolder(data, dir) {
				return busy
			}
		}
	}
	return nil
}

// learnsFrom are the data sets of a run outside its folder.
func learnsFrom(dir string) []string {
	run, _, err := learning.LoadRun(dir)
	if err != nil {
		return nil
	}
	var sets []string
	for _, t := range run.Learns() {
		if filepath.IsAbs(t.Data) {
			sets = append(sets, t.Data)
		}
	}
	return sets
}

func sameFolder(a, b string) bool {
	x, err1 := os.Stat(a)
	y, err2 := os.Stat(b)
	return err1 == nil && err2 == nil && os.SameFile(x, y)
}

// editData changes a data set that nobody else uses meanwhile, and returns it as it
// is afterwards, even if the change failed half-way. An error of use is one of
// dataInUse.
func editData(home, dir, command string, edit func(*learning.Dataset) error) (_ *learning.Dataset, err error) {
	if err := dataInUse(home, dir); err != nil {
		return nil, err
	}
	locked := []string{dir}
	if run := runOf(dir); run != "" {
		locked = append(locked, run) // it must not be resumed meanwhile
	}
	for _, folder := range locked {
		lock, lockErr := learning.LockFolder(folder, command)
		if lockErr != nil {
			return nil, lockErr
		}
		defer func() { err = errors.Join(err, lock.Release()) }()
	}
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return nil, err
	}
	return set, edit(set)
}

// RemoveEpisodes deletes episodes of a data set for good. It is refused while somebody
// writes to the set, or trains with it.
func RemoveEpisodes(home, dir, command string, numbers []int) (*learning.Dataset, error) {
	return editData(home, dir, command, func(set *learning.Dataset) error {
		if err := set.Delete(numbers...); err != nil {
			return err
		}
		return set.Purge()
	})
}

// changedSince says whether the manifest of a set has been written since then.
func changedSince(dir string, then time.Time) bool {
	stat, err := os.Stat(filepath.Join(dir, learning.ManifestName))
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	return !stat.ModTime().Equal(then)
}
