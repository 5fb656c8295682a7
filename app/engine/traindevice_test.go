package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// A GPU that fails ends a run, or hands it to the CPU if the options say so: resumed
// where there is a checkpoint.
func TestTrainingAfterADeviceFailed(t *testing.T) {
	lost := fmt.Errorf("update 3: %w", &device.LostError{Device: "the GPU", Reason: errors.New("reset")})
	full := fmt.Errorf("update 1: %w", &device.OutOfMemoryError{Device: "the GPU", Asked: 1, Free: 0, Total: 1})
	other := errors.New("the losses are no numbers")
	for _, c := range []struct {
		name, device, then string
		saved              bool
		err                error
		want               []string
	}{
		{"lost, told to stop", "cuda", DeviceFailureStop, true, lost, []string{"cuda false"}},
		{"lost, told nothing", "cuda", "", true, lost, []string{"cuda false"}},
		{"lost", "auto", DeviceFailureCPU, true, lost, []string{"auto false", "cpu true"}},
		{"lost, nothing named", "", DeviceFailureCPU, true, lost, []string{"auto false", "cpu true"}},
		{"full before anything was saved", "cuda", DeviceFailureCPU, false, full, []string{"cuda false", "cpu false"}},
		{"on the CPU", "cpu", DeviceFailureCPU, true, full, []string{"cpu false"}},
		{"no fault of the device", "cuda", DeviceFailureCPU, true, other, []string{"cuda false"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := TrainOptions{Device: c.device, OnDeviceFailure: c.then, Out: t.TempDir()}
			if c.saved {
				if err := os.WriteFile(filepath.Join(o.Out, "checkpoint-00000003.latco"), nil, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			var warned error
			err := o.onDevices(func(err error) { warned = err }, func(kind string, resume bool) error {
				got = append(got, fmt.Sprint(kind, " ", resume))
				if len(got) == 1 {
					return c.err
				}
				return nil
			})
			if !slices.Equal(got, c.want) {
				t.Errorf("runs %q, want %q", got, c.want)
			}
			if went := len(c.want) == 2; went != (err == nil) || went != errors.Is(warned, c.err) {
				t.Errorf("error %v, warned of %v", err, warned)
			}
		})
	}
	o := TrainOptions{OnDeviceFailure: "pray"}
	if err := o.onDevices(nil, nil); err == nil {
		t.Error("an unknown way to go on is taken")
	}
}

// card is a device with 100 bytes, or one that does not answer.
type card struct {
	device.Device
	free int64
	err  error
}

func (c card) MemoryLeft() (free, total int64, err error) { return c.free, 100, c.err }

// What is in use of a card is told while training computes there, and only then.
func TestCardInUse(t *testing.T) {
	var u Usage
	for _, c := range []struct {
		dev       device.Device
		used, all int64
	}{
		{card{free: 30}, 70, 100},
		{card{err: errors.New("lost")}, 0, 0},
		{card{free: 100}, 0, 100},
		{struct{ device.Device }{}, 0, 0},
	} {
		(&seat{dev: c.dev}).read(&u)
		if u.Card != c.used || u.CardAll != c.all {
			t.Errorf("%+v: %d of %d bytes, want %d of %d", c.dev, u.Card, u.CardAll, c.used, c.all)
		}
	}
}
