package learning

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
)

// The world model itself, on the reference device: stopped and resumed it ends
// bit for bit where an uninterrupted run ends, with open-loop predictions made
// on the way by one and not by the other.
func TestRSSMResumesExactly(t *testing.T) {
	dev := purego.New()
	defer dev.Close()
	data := offlineData(t, 4)
	options := func() TrainerOptions {
		opts := fakeRun(t, filepath.Join(t.TempDir(), "run"))
		opts.Data, opts.Settings.Frames, opts.Collector = data, 0, nil
		opts.Settings.Updates, opts.Settings.OpenLoopEvery = 12, 4
		opts.world, opts.Device = nil, dev
		return opts
	}
	whole := options()
	var loops []*OpenLoop
	whole.OpenLoop = func(o *OpenLoop) { loops = append(loops, o) }
	runToEnd(t, whole)
	if len(loops) != 3 {
		t.Errorf("%d open-loop predictions, want 3", len(loops))
	}
	for _, o := range loops {
		for k, e := range o.ImageError {
			if !(e > 0 && e < 1) {
				t.Errorf("update %d: error of frame %d is %g", o.Updates, k, e)
			}
		}
	}

	opts := options()
	for _, stopAt := range []int{1, 5, 12} {
		ctx, cancel := context.WithCancel(context.Background())
		opts.Progress = func(p Progress) {
			if p.Updates == stopAt && p.Status == Updating {
				cancel()
			}
		}
		tr, err := NewTrainer(opts)
		if err != nil {
			t.Fatal(err)
		}
		if err := tr.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		cancel()
		opts.Resume = true
	}
	opts.Progress = nil
	runToEnd(t, opts) // writes what a finished run has besides
	if !reflect.DeepEqual(result(t, opts.Out), result(t, whole.Out)) {
		t.Error("the resumed run ended elsewhere")
	}
}
