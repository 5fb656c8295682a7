package learning

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"reflect"
	"testing"
)

func largestFile(t testing.TB, dir string) int {
	size := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, statErr := d.Info()
			if err = statErr; err == nil {
				size = max(size, int(info.Size()))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

// A full disk holds the run; when there is room it goes on and ends where it
// would have ended.
func TestFullDiskPauses(t *testing.T) {
	whole := fakeRun(t, t.TempDir())
	runToEnd(t, whole)
	want := result(t, whole.Out)
	size := largestFile(t, whole.Out)
	for _, room := range []int{size, size + 5000, 2*size - 1, 3 * size} {
		opts := fakeRun(t, t.TempDir())
		left := room
		opts.disk = fullDisk(&left)
		var tr *Trainer
		waits := 0
		opts.Progress = func(p Progress) {
			if p.Status != DiskFull {
				return
			}
			waits++
			if !errors.Is(p.Err, ErrDiskFull) {
				t.Errorf("waits because of %v", p.Err)
			}
			if left = room; waits > 1000 {
				t.Fatal("waits for ever")
			}
			tr.Resume()
		}
		var err error
		if tr, err = NewTrainer(opts); err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		if waits < 3 {
			t.Errorf("room %d: waited %d times", room, waits)
		}
		if !reflect.DeepEqual(result(t, opts.Out), want) {
			t.Errorf("room %d: ended elsewhere", room)
		}
	}
}

// Stopped while the disk is full, a run keeps its last checkpoint.
func TestStopOnAFullDisk(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	whole := fakeRun(t, t.TempDir())
	runToEnd(t, whole)
	left := 3 * largestFile(t, whole.Out)
	opts.disk = fullDisk(&left)
	ctx, cancel := context.WithCancel(context.Background())
	opts.Progress = func(p Progress) {
		if p.Status == DiskFull {
			cancel()
		}
	}
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(ctx); !errors.Is(err, ErrDiskFull) || !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if _, _, err := LoadNewest(opts.Out); err != nil {
		t.Error(err)
	}
	opts.Resume, opts.disk = true, whole.disk
	runToEnd(t, opts)
	if !reflect.DeepEqual(result(t, opts.Out), result(t, whole.Out)) {
		t.Error("ended elsewhere")
	}
}
