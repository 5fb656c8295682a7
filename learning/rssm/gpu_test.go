//go:build nvidia && linux && cgo && (amd64 || arm64)

package rssm

import (
	"errors"
	"math"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
	"github.com/latco-studio/latco/learning/device/purego"
)

func init() {
	openGPU = func(t *testing.T) device.Device {
		dev, err := cuda.New(cuda.Options{Driver: emulate.Library(t), BLAS: emulate.Library(t)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := dev.Close(); err != nil {
				t.Error(err)
			}
			if fault := emulate.Fault(); fault != "" {
				t.Error(fault)
			}
		})
		return dev
	}
}

// The class preset on the GPU follows the reference's losses, most of its steps
// repeated from a recording.
func TestClassPresetFollowsTheReference(t *testing.T) {
	c, err := Preset("class")
	if err != nil {
		t.Fatal(err)
	}
	p, err := NewParams(c, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	var curves [2][]Losses
	for i, dev := range []device.Device{purego.New(), openGPU(t)} {
		tr, err := NewTrainer(p, dev, 1)
		if err != nil {
			t.Fatal(err)
		}
		launches := 0
		for step := range 5 {
			curves[i] = append(curves[i], update(t, tr, toyBatch(2, 4, int64(step))))
			if i == 1 {
				t.Logf("step %d: %d kernels, losses %+v", step, emulate.Launches()-launches, curves[i][step])
				launches = emulate.Launches()
			}
		}
		if err := tr.Close(); err != nil {
			t.Error(err)
		}
	}
	for step, want := range curves[0] {
		got := curves[1][step]
		for _, x := range [][2]float64{{got.Total, want.Total}, {got.Image, want.Image}, {got.Reward, want.Reward},
			{got.KL, want.KL}, {got.GradNorm, want.GradNorm}} {
			if math.Abs(x[0]-x[1]) > 1e-3*math.Abs(x[1]) {
				t.Errorf("step %d: %+v, the reference %+v", step, got, want)
			}
		}
	}
}

// A device that is lost in the middle of training is an error; what was saved goes
// on on the CPU.
func TestTrainingSurvivesALostDevice(t *testing.T) {
	p, err := NewParams(tiny(), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	dev := openGPU(t)
	tr, err := NewTrainer(p, dev, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		update(t, tr, toyBatch(2, 4, int64(i)))
	}
	saved, err := tr.State()
	if err != nil {
		t.Fatal(err)
	}
	emulate.Lose(20)
	var lost *device.LostError
	if _, err := tr.Update(toyBatch(2, 4, 9)); !errors.As(err, &lost) {
		t.Errorf("a step on a device that is lost gave %v", err)
	}
	if _, err := tr.State(); !errors.As(err, &lost) {
		t.Errorf("the state of a lost device: %v", err)
	}
	if err := tr.Close(); err != nil {
		t.Errorf("closing: %v", err)
	}
	dev.Close()
	emulate.Reset()
	onHost, err := NewTrainer(saved.Params, purego.New(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := onHost.Restore(saved); err != nil {
		t.Fatal(err)
	}
	if l := update(t, onHost, toyBatch(2, 4, 9)); math.IsNaN(l.Total) {
		t.Errorf("losses %+v", l)
	}
}
