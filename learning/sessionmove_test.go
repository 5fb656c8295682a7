package learning

import (
	"errors"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
)

// A run that changes its device in the middle ends as one that does not; a device
// that cannot be had leaves it where it was.
func TestMoveChangesNothing(t *testing.T) {
	whole := fakeRun(t, filepath.Join(t.TempDir(), "run"))
	runToEnd(t, whole)

	opts := fakeRun(t, filepath.Join(t.TempDir(), "run"))
	first, second := purego.New(), purego.New()
	opts.Device = first
	broken := errors.New("no such device")
	var moved, refused, updates int
	var tr *Trainer
	opts.Progress = func(p Progress) {
		if p.Status != Updating {
			return
		}
		switch updates++; updates {
		case 3:
			tr.Move(Move{
				Open: func() (device.Device, error) { return nil, broken },
				Done: func(old device.Device, err error) {
					if refused++; old != first || !errors.Is(err, broken) {
						t.Errorf("a refused move from %v gave %v", old, err)
					}
				},
			})
		case 7:
			tr.Move(Move{
				Open: func() (device.Device, error) { return second, nil },
				Done: func(old device.Device, err error) {
					if moved++; old != first || err != nil {
						t.Errorf("a move from %v gave %v", old, err)
					}
				},
			})
		}
	}
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if moved != 1 || refused != 1 {
		t.Errorf("%d moves done, %d refused, want 1 each", moved, refused)
	}
	if !reflect.DeepEqual(result(t, opts.Out), result(t, whole.Out)) {
		t.Error("a run that moved ends otherwise than one that did not")
	}
}
