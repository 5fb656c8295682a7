//go:build nvidia && linux && cgo && (amd64 || arm64)

package learning

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
	"github.com/latco-studio/latco/learning/device/purego"
)

// A GPU that is lost in the middle of a step leaves a checkpoint of the step before,
// from which the run goes on on the CPU.
func TestLostGPU(t *testing.T) {
	dev, err := cuda.New(cuda.Options{Driver: emulate.Library(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer emulate.Reset()
	defer dev.Close()
	opts := fakeRun(t, t.TempDir())
	opts.Settings.Updates, opts.Settings.Frames, opts.Settings.CheckpointSeconds = 12, 60, 3600
	opts.world, opts.Device, opts.rescueAlways = nil, dev, true
	updates := 0
	opts.Progress = func(p Progress) {
		if updates = p.Counters.Updates; p.Status == Updating && updates == 5 {
			emulate.Lose(20)
		}
	}
	said := runToLoss(t, opts)
	c, path, err := LoadNewest(opts.Out)
	if err != nil || c.Updates != updates || updates < 5 || !strings.Contains(said, "goes on from "+filepath.Base(path)+", 0 of its updates are lost") {
		t.Fatalf("newest %s of update %d, the last was %d, %v; it said: %s", path, c.Updates, updates, err, said)
	}
	if strings.Count(said, "stopped working") != 1 {
		t.Errorf("it is said more than once: %s", said)
	}
	opts.Resume, opts.Device, opts.Progress = true, purego.New(), nil
	runToEnd(t, opts)
}
