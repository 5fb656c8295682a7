package learning

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Files of episodes beyond the capacity go, but never one that a checkpoint on
// disk names.
func TestFilesBeyondTheCapacityAreRemoved(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Settings.CapacityMB = 1 // four episodes
	opts.Settings.Updates, opts.Settings.Frames, opts.Settings.KeepCheckpoints = 70, 560, 2
	opts.Progress = func(p Progress) {
		if p.Status == Updating {
			allNamedAreThere(t, opts.Out)
		}
	}
	runToEnd(t, opts)
	d, err := OpenDataset(filepath.Join(opts.Out, episodesFolder))
	if err != nil {
		t.Fatal(err)
	}
	for i, e := range d.Entries {
		_, err := d.Load(i)
		_, onDisk := os.Stat(filepath.Join(d.Dir, e.File))
		if gone := i < len(d.Entries)-4; gone != e.Dropped || gone != errors.Is(err, fs.ErrNotExist) || gone != (onDisk != nil) {
			t.Errorf("episode %d of %d: dropped %v, loading: %v, file: %v", i, len(d.Entries), e.Dropped, err, onDisk)
		}
	}
	if d.Frames() != 14*40 {
		t.Errorf("%d frames listed, want all", d.Frames())
	}
	// A set with removed files still serves, with what is left.
	again := fakeRun(t, t.TempDir())
	again.Data, again.Settings.Frames, again.Collector = d.Dir, 0, nil
	again.Progress = func(p Progress) {
		if p.Replay.Episodes > 4 || len(p.Skipped) > 0 {
			t.Errorf("replay %+v, skipped %v", p.Replay, p.Skipped)
		}
	}
	runToEnd(t, again)
}

func allNamedAreThere(t *testing.T, out string) {
	paths, err := Checkpoints(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		c, err := LoadCheckpoint(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, ref := range c.Replay {
			if _, err := os.Stat(filepath.Join(out, episodesFolder, ref.File)); err != nil {
				t.Errorf("%s names an episode that is gone: %v", path, err)
			}
		}
	}
}
