package learning

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestDatasetIsResumed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	info := DatasetInfo{Task: "count", Policy: "counting", Seed: 3, ActionDim: 2, Command: "latco collect"}
	for want := range 4 {
		d, err := ResumeDataset(dir, info)
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Entries) != want {
			t.Fatalf("%d episodes after %d", len(d.Entries), want)
		}
		// What a kill leaves behind: an unlisted episode, an unfinished file.
		os.WriteFile(filepath.Join(dir, "episode-000009.npz"), []byte("junk"), 0o644)
		os.WriteFile(filepath.Join(dir, "episode-000004.npz"+tempMark+"7"), []byte("junk"), 0o644)
		if err := d.Append(countingEpisode(t, want, 3+want, 2)); err != nil {
			t.Fatal(err)
		}
	}
	d, err := OpenDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(d.Info, info) {
		t.Errorf("info %+v", d.Info)
	}
	for i := range d.Entries {
		e, err := d.Load(i)
		if err != nil {
			t.Fatal(err)
		}
		if e.Info.Seed != int64(i) || e.Steps() != 3+i || d.Entries[i].Frames != 2*(3+i) {
			t.Errorf("episode %d: seed %d, %d steps", i, e.Info.Seed, e.Steps())
		}
	}
	info.Task = "lottery"
	var mismatch *MismatchError
	if _, err := ResumeDataset(dir, info); !errors.As(err, &mismatch) || mismatch.Differences[0].Field != "task" {
		t.Errorf("another task: %v", err)
	}
	if _, err := CreateDataset(dir, info); !errors.Is(err, fs.ErrExist) {
		t.Errorf("created twice: %v", err)
	}
}

func TestNotADataset(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	os.WriteFile(file, []byte("x"), 0o644)
	manifest := func(name, text string) string {
		d := filepath.Join(dir, name)
		os.Mkdir(d, 0o755)
		os.WriteFile(filepath.Join(d, ManifestName), []byte(text), 0o644)
		return d
	}
	for _, c := range []struct {
		dir  string
		is   error
		want string
	}{
		{filepath.Join(dir, "none"), fs.ErrNotExist, "no such data set"},
		{dir, ErrForeign, "not a data set: no manifest.json"},
		{file, ErrForeign, "a file, not a folder"},
		{manifest("web", `{"name": "app"}`), ErrForeign, "not the manifest of a data set"},
		{manifest("cut", `{"latco_dataset": 1, "epi`), ErrCorrupt, "unexpected end"},
		{manifest("new", `{"latco_dataset": 9}`), ErrVersion, "format 9"},
		{manifest("path", `{"latco_dataset": 1, "action_dim": 1, "episodes": [{"file": "../x"}]}`), ErrCorrupt, "../x"},
	} {
		_, err := OpenDataset(c.dir)
		if !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.dir) {
			t.Errorf("%s: %v; want %v with %q", c.dir, err, c.is, c.want)
		}
	}
}

func TestLoadChecksTheManifest(t *testing.T) {
	d, err := CreateDataset(t.TempDir(), DatasetInfo{ActionDim: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Append(countingEpisode(t, 1, 3, 1)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(d.Dir, d.Entries[0].File)
	if err := WriteEpisode(path, countingEpisode(t, 2, 3, 1)); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Load(0); !errors.Is(err, ErrCorrupt) || !strings.Contains(err.Error(), path) {
		t.Errorf("a replaced episode: %v", err)
	}
	if err := d.Append(countingEpisode(t, 1, 3, 2)); err == nil {
		t.Error("an episode with other actions was accepted")
	}
}

// fullDisk is a disk with room for a number of bytes.
func fullDisk(room *int) disk {
	return disk{unsynced: true, create: func(path string) (tempFile, error) {
		f, err := os.Create(path)
		return &scarceFile{f, room}, err
	}}
}

type scarceFile struct {
	*os.File
	room *int
}

func (f *scarceFile) Write(p []byte) (int, error) {
	if len(p) > *f.room {
		n, _ := f.File.Write(p[:*f.room])
		*f.room = 0
		return n, &fs.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	*f.room -= len(p)
	return f.File.Write(p)
}

func TestFullDiskLeavesTheDatasetWhole(t *testing.T) {
	dir := t.TempDir()
	d, err := CreateDataset(dir, DatasetInfo{ActionDim: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Append(countingEpisode(t, 0, 4, 1)); err != nil {
		t.Fatal(err)
	}
	size := int(d.Entries[0].Bytes)
	// Enough for nothing, half the episode, the episode but not the manifest.
	for _, room := range []int{0, size / 2, size + 100} {
		d.disk = fullDisk(&room)
		err := d.Append(countingEpisode(t, 1, 4, 1))
		if !errors.Is(err, ErrDiskFull) {
			t.Fatalf("room %d: error %v, want ErrDiskFull", room, err)
		}
		again, err := OpenDataset(dir)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := again.Load(0); err != nil || len(again.Entries) != 1 || len(d.Entries) != 1 {
			t.Fatalf("room %d: %d episodes left, %v", room, len(again.Entries), err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*"+tempMark+"*")); len(left) > 0 {
			t.Errorf("room %d: left %v", room, left)
		}
	}
	d.disk = disk{}
	if err := d.Append(countingEpisode(t, 1, 4, 1)); err != nil || len(d.Entries) != 2 {
		t.Errorf("with room again: %v", err)
	}
}

// A set of format 1, as earlier versions wrote them, is read and continued.
func TestFormat1IsRead(t *testing.T) {
	info := DatasetInfo{Task: "count", Policy: "counting", Seed: 3, ActionDim: 2}
	dir := t.TempDir()
	d, err := CreateDataset(dir, info)
	if err == nil {
		err = d.Append(countingEpisode(t, 1, 3, 2))
	}
	if err != nil {
		t.Fatal(err)
	}
	e := d.Entries[0]
	old := fmt.Sprintf(`{"latco_dataset": 1, "task": "count", "policy": "counting", "seed": 3, "action_dim": 2, "command": "latco collect",
 "episodes": [{"file": %q, "sha256": %q, "bytes": %d, "seed": 1, "steps": 3, "frames": 6, "return": 0, "success": false}]}`, e.File, e.SHA256, e.Bytes)
	if err := os.WriteFile(filepath.Join(dir, ManifestName), []byte(old), 0o644); err != nil {
		t.Fatal(err)
	}
	info.Settings = map[string]string{"odds": "paper"} // of which the old set says nothing
	if d, err = ResumeDataset(dir, info); err != nil || len(d.Entries) != 1 {
		t.Fatalf("%v", err)
	}
	if got, err := d.Load(0); err != nil || got.Steps() != 3 {
		t.Errorf("%v", err)
	}
	if err := d.Append(countingEpisode(t, 2, 4, 2)); err != nil {
		t.Fatal(err)
	}
	if d, err = OpenDataset(dir); err != nil || len(d.Entries) != 2 {
		t.Errorf("continued: %v", err)
	}
}

// The settings that decide what is collected must be those of the set.
func TestResumeComparesSettings(t *testing.T) {
	info := DatasetInfo{Task: "count", ActionDim: 2, Settings: map[string]string{"variant": "paper", "difficulty": "easy"},
		PolicySettings: map[string]string{"fail": "0.3"}}
	dir := t.TempDir()
	if _, err := CreateDataset(dir, info); err != nil {
		t.Fatal(err)
	}
	if _, err := ResumeDataset(dir, info); err != nil {
		t.Error(err)
	}
	info.Settings = map[string]string{"variant": "corrected", "difficulty": "easy"}
	info.PolicySettings = map[string]string{"fail": "0.3", "noise": "0.1"}
	_, err := ResumeDataset(dir, info)
	if want := "variant is paper, want corrected; policy noise is unset, want 0.1"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("error %v", err)
	}
}

// The manifest counts for whoever reads it without this program.
func TestManifestCounts(t *testing.T) {
	d, err := CreateDataset(t.TempDir(), DatasetInfo{Task: "count", ActionDim: 2})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		e := countingEpisode(t, i, 3, 2)
		e.Info.Success = i == 1 || i == 4
		e.SparseRewards[2] = 1
		if err := d.Append(e); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(filepath.Join(d.Dir, ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"latco_dataset": 2`, `"successes": 2`, `"failures": 3`, `"sparse_return": 1`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the manifest has no %s:\n%s", want, text)
		}
	}
	if d.Successes() != 2 {
		t.Errorf("%d successes", d.Successes())
	}
}
