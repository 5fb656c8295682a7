package learning

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// apart is a device with memory of its own.
type apart struct{ device.Device }

func (apart) MemoryLeft() (free, total int64, err error) { return 0, 0, nil }

func runToLoss(t *testing.T, opts TrainerOptions) string {
	t.Helper()
	tr, err := NewTrainer(opts)
	if err == nil {
		err = tr.Run(context.Background())
	}
	if lost := new(device.LostError); !errors.As(err, &lost) {
		t.Fatalf("a lost device gave %v", err)
	}
	return err.Error()
}

// With a device all that it learned since the last checkpoint would be gone: what
// was remembered becomes a checkpoint, from which the run ends where it would have.
func TestLostDeviceCostsLittle(t *testing.T) {
	whole := fakeRun(t, t.TempDir())
	whole.Settings.CheckpointSeconds = 3600
	runToEnd(t, whole)
	opts := fakeRun(t, t.TempDir())
	opts.Settings.CheckpointSeconds = 3600
	opts.Device, opts.rescueAlways, opts.world = apart{}, true, fakeWorld{loseAt: 31}
	said := runToLoss(t, opts)
	_, path, err := LoadNewest(opts.Out)
	if err != nil || !strings.Contains(said, "the GPU stopped working") ||
		!strings.Contains(said, "the run goes on from "+filepath.Base(path)+", 0 of its updates are lost") {
		t.Fatalf("newest %s, %v; it said: %s", path, err, said)
	}
	opts.Resume, opts.world = true, fakeWorld{}
	runToEnd(t, opts)
	if !reflect.DeepEqual(result(t, opts.Out), result(t, whole.Out)) {
		t.Error("ended elsewhere")
	}
}

// Between two copies a second goes by: what was learned in it is lost, and said.
func TestLostDeviceSaysWhatIsGone(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Settings.CheckpointSeconds = 3600
	opts.Device, opts.world = apart{}, fakeWorld{loseAt: 9}
	said := runToLoss(t, opts)
	c, path, err := LoadNewest(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	if want := "goes on from " + filepath.Base(path) + ", "; !strings.Contains(said, want) || strings.Contains(said, ", 0 of its") != (c.Updates == 8) {
		t.Errorf("newest at update %d; it said: %s", c.Updates, said)
	}
	opts.Resume, opts.world = true, fakeWorld{}
	runToEnd(t, opts)
}
