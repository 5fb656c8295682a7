package learning

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// damage spoils episode i of a set in a way of its own and returns what is said.
func damage(t *testing.T, dir string, i int, how string) (path string) {
	t.Helper()
	d, err := OpenDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(dir, d.Entries[i].File)
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	switch how {
	case "cut":
		err = os.WriteFile(path, file[:len(file)/2], 0o644)
	case "flipped":
		file[len(file)/2] ^= 1
		err = os.WriteFile(path, file, 0o644)
	case "gone":
		err = os.Remove(path)
	case "foreign":
		err = os.WriteFile(path, []byte("hello"), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// Damaged episodes are named and left out, at the beginning of a run and when it
// is resumed; the others are trained on as if nothing were.
func TestDamagedEpisodesAreSkipped(t *testing.T) {
	data := offlineData(t, 8)
	named := map[string]error{
		damage(t, data, 1, "cut"):     ErrTruncated,
		damage(t, data, 3, "flipped"): ErrCorrupt,
		damage(t, data, 4, "gone"):    fs.ErrNotExist,
		damage(t, data, 6, "foreign"): ErrForeign,
	}
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.Settings.Frames, opts.Collector, opts.Settings.Updates = data, 0, nil, 10
	var last Progress
	opts.Progress = func(p Progress) { last = p }
	check := func() {
		t.Helper()
		if len(last.Skipped) != len(named) || last.Replay.Episodes != 8-len(named) {
			t.Fatalf("%d episodes, skipped %v", last.Replay.Episodes, last.Skipped)
		}
		for _, err := range last.Skipped {
			var fe *FileError
			if !errors.As(err, &fe) || !errors.Is(err, named[fe.Path]) || !strings.Contains(err.Error(), fe.Path) {
				t.Errorf("skipped: %v", err)
			}
		}
	}
	runToEnd(t, opts)
	check()
	// One more is damaged, and one replaced by another sound one.
	named = map[string]error{damage(t, data, 5, "cut"): ErrTruncated}
	d, err := OpenDataset(data)
	if err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(data, d.Entries[7].File)
	if err := WriteEpisode(other, countingEpisode(t, 1, 9, 2)); err != nil {
		t.Fatal(err)
	}
	named[other] = ErrCorrupt
	opts.Resume, opts.Settings.Updates = true, 20
	runToEnd(t, opts)
	if len(last.Skipped) != 2 || last.Replay.Episodes != 2 || last.Updates != 20 {
		t.Errorf("%d episodes, skipped %v", last.Replay.Episodes, last.Skipped)
	}
	for _, err := range last.Skipped {
		var fe *FileError
		if !errors.As(err, &fe) || !errors.Is(err, named[fe.Path]) {
			t.Errorf("skipped: %v", err)
		}
	}
}

func TestNothingButDamage(t *testing.T) {
	data := offlineData(t, 2)
	first := damage(t, data, 0, "cut")
	damage(t, data, 1, "cut")
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.Settings.Frames, opts.Collector = data, 0, nil
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	err = tr.Run(context.Background())
	if !errors.Is(err, ErrNoData) || !errors.Is(err, ErrTruncated) || !strings.Contains(err.Error(), first) || !strings.Contains(err.Error(), "2 skipped") {
		t.Errorf("error %v", err)
	}
}

// Results come in order, every goroutine is joined and none starts after an error.
func TestAhead(t *testing.T) {
	stop := errors.New("stop")
	for _, goroutines := range []int{1, 3, 50} {
		for _, failAt := range []int{-1, 0, 4, 19} {
			var got []int
			err := ahead(20, goroutines, func(i int) (int, error) { return i * i, nil },
				func(i, square int, err error) error {
					if square != i*i || err != nil {
						t.Errorf("job %d gave %d, %v", i, square, err)
					}
					got = append(got, i)
					if i == failAt {
						return stop
					}
					return nil
				})
			want := make([]int, 20)
			for i := range want {
				want[i] = i
			}
			if failAt >= 0 {
				want = want[:failAt+1]
			}
			if !reflect.DeepEqual(got, want) || (err != nil) != (failAt >= 0) {
				t.Errorf("%d goroutines, error at %d: took %v, %v", goroutines, failAt, got, err)
			}
		}
	}
	if err := ahead(0, 3, func(int) (int, error) { return 0, nil }, func(int, int, error) error { return stop }); err != nil {
		t.Error(err)
	}
}
