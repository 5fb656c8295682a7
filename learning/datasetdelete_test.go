package learning

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// setOf makes a data set of n episodes, of which the even ones are solved.
func setOf(t *testing.T, n int) *Dataset {
	t.Helper()
	d, err := CreateDataset(filepath.Join(t.TempDir(), "set"), DatasetInfo{Task: "count", Policy: "counting", ActionDim: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		e := countingEpisode(t, i, 3+i, 2)
		e.Info.Success = i%2 == 0
		if err := d.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// reopened is the set as the next program finds it.
func reopened(t *testing.T, d *Dataset) *Dataset {
	t.Helper()
	again, err := OpenDataset(d.Dir)
	if err != nil {
		t.Fatal(err)
	}
	return again
}

func TestDeletedEpisodesNoLongerCount(t *testing.T) {
	d := setOf(t, 5)
	frames := d.Frames()
	if err := d.Delete(0, 3); err != nil {
		t.Fatal(err)
	}
	for _, d := range []*Dataset{d, reopened(t, d)} {
		if d.Episodes() != 3 || len(d.Entries) != 5 || d.Successes() != 2 || d.Frames() != frames-d.Entries[0].Frames-d.Entries[3].Frames {
			t.Errorf("%d of %d episodes, %d solved, %d frames", d.Episodes(), len(d.Entries), d.Successes(), d.Frames())
		}
		if _, err := d.Load(3); !errors.Is(err, ErrDeleted) || !strings.Contains(err.Error(), "episode-000003.npz") {
			t.Errorf("loading a deleted episode: %v", err)
		}
		if e, err := d.Load(4); err != nil || e.Info.Seed != 4 {
			t.Errorf("the last one: %v", err)
		}
	}
	text, err := os.ReadFile(filepath.Join(d.Dir, ManifestName))
	if err != nil || !strings.Contains(string(text), `"successes": 2,`) || !strings.Contains(string(text), `"failures": 1,`) {
		t.Errorf("the manifest says %s, %v", text, err)
	}
	// What is appended afterwards overwrites nothing.
	d, err = ResumeDataset(d.Dir, d.Info)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Append(countingEpisode(t, 5, 4, 2)); err != nil {
		t.Fatal(err)
	}
	if d.Entries[5].File != "episode-000005.npz" || d.Episodes() != 4 {
		t.Errorf("appended %+v", d.Entries[5])
	}
	if _, err := d.Load(4); err != nil {
		t.Error(err)
	}
}

func TestRestore(t *testing.T) {
	d := setOf(t, 4)
	before := reopened(t, d).Entries
	if err := d.Delete(1, 2); err != nil {
		t.Fatal(err)
	}
	d = reopened(t, d)
	if err := d.Restore(1, 2); err != nil {
		t.Fatal(err)
	}
	for i, e := range reopened(t, d).Entries {
		if e != before[i] {
			t.Errorf("episode %d came back as %+v, was %+v", i, e, before[i])
		}
		if _, err := d.Load(i); err != nil {
			t.Error(err)
		}
	}
	if err := d.Delete(1); err != nil {
		t.Fatal(err)
	}
	if err := d.Purge(); err != nil {
		t.Fatal(err)
	}
	if err := d.Restore(1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("restored what was purged: %v", err)
	}
	if files, err := filepath.Glob(filepath.Join(d.Dir, "*")); err != nil || len(files) != 4 { // three episodes and the manifest
		t.Errorf("left %v, %v", files, err)
	}
	for name, err := range map[string]error{
		"restored one that is there": d.Restore(0), "deleted twice": d.Delete(1), "deleted none": d.Delete(4), "restored none": d.Restore(-1),
	} {
		if err == nil {
			t.Error(name)
		}
	}
	if d := reopened(t, d); d.Episodes() != 3 {
		t.Errorf("%d episodes after refusals", d.Episodes())
	}
}

// A crash between the manifest and the files leaves a set that can be used, restored
// and purged; one that could not be written leaves everything.
func TestInterruptedDelete(t *testing.T) {
	d := setOf(t, 3)
	if err := d.Delete(1); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(d.Dir, "episode-000001.npz")
	if err := os.Rename(filepath.Join(d.Dir, deletedFolder, "episode-000001.npz"), file); err != nil { // as if it had not been moved
		t.Fatal(err)
	}
	d = reopened(t, d)
	if _, err := d.Load(1); !errors.Is(err, ErrDeleted) {
		t.Errorf("loaded it: %v", err)
	}
	if err := d.Restore(1); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load(1); err != nil {
		t.Error(err)
	}
	if err := d.Delete(1); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(d.Dir, deletedFolder, "episode-000001.npz"), file); err != nil {
		t.Fatal(err)
	}
	if err := d.Purge(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("purging left it: %v", err)
	}

	d.disk.create = func(string) (tempFile, error) { return nil, errors.New("the disk is broken") }
	if err := d.Delete(0); err == nil {
		t.Error("deleted on a broken disk")
	}
	if _, err := d.Load(0); err != nil || d.Episodes() != 2 || reopened(t, d).Episodes() != 2 {
		t.Errorf("a deletion that failed: %v, %d episodes", err, d.Episodes())
	}
}

// A run learns from what is left of a set.
func TestTrainingLeavesDeletedEpisodesOut(t *testing.T) {
	data := offlineData(t, 6)
	d, err := OpenDataset(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Delete(2, 5); err != nil {
		t.Fatal(err)
	}
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.Settings.Frames, opts.Collector, opts.Settings.Updates = data, 0, nil, 5
	var last Progress
	opts.Progress = func(p Progress) { last = p }
	runToEnd(t, opts)
	if last.Replay.Episodes != 4 || len(last.Skipped) != 0 {
		t.Errorf("%d episodes, skipped %v", last.Replay.Episodes, last.Skipped)
	}
}
