package rssm

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/device/purego"
)

// withDevices runs a test on the reference device, on the fast one, and on an
// emulated GPU where the tests are built with one.
func withDevices(t *testing.T, test func(t *testing.T, dev device.Device)) {
	t.Run("purego", func(t *testing.T) { test(t, purego.New()) })
	t.Run("cpu", func(t *testing.T) {
		dev, err := cpu.New(2)
		if err != nil {
			t.Fatal(err)
		}
		defer dev.Close()
		test(t, dev)
	})
	if openGPU != nil {
		t.Run("gpu", func(t *testing.T) { test(t, openGPU(t)) })
	}
}

// numbers are what a buffer holds.
func numbers(t *testing.T, dev device.Device, b device.Buffer) []float32 {
	t.Helper()
	v := make([]float32, b.Len)
	if err := dev.Download(v, b); err != nil {
		t.Fatal(err)
	}
	return v
}

// A NaN anywhere in a batch surfaces as a typed error whatever the kernels do.
func TestNaNInBatch(t *testing.T) {
	withDevices(t, func(t *testing.T, dev device.Device) {
		p, err := NewParams(tiny(), 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		tr, err := NewTrainer(p, dev, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		for name, damage := range map[string]func(b *Batch){
			"action": func(b *Batch) { b.Actions[3] = float32(math.NaN()) },
			"reward": func(b *Batch) { b.Rewards[3] = float32(math.Inf(1)) },
		} {
			b := toyBatch(2, 4, 1)
			damage(b)
			var bad *NonFiniteError
			if _, err := tr.Update(b); !errors.As(err, &bad) {
				t.Errorf("%s: error %v, want a NonFiniteError", name, err)
			}
		}
		after, err := tr.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		sameFloats(t, "parameters", p.Values, after.Values)
	})
}

// A gradient can overflow where the losses do not: a prior that is sure of
// something far away. The tensor is named and nothing changes.
func TestOverflowOfGradientsIsNamed(t *testing.T) {
	c := tiny()
	c.MinStd = 1e-4
	p, err := NewParams(c, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Layout() {
		v := p.Values[x.Offset : x.Offset+x.Len()]
		switch x.Name {
		case "core/prior/out/kernel":
			clear(v)
		case "core/prior/out/bias":
			v[0], v[c.Stoch] = 1e15, -100
		}
	}
	withDevices(t, func(t *testing.T, dev device.Device) {
		tr, err := NewTrainer(p, dev, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		losses, err := tr.Update(toyBatch(1, 2, 1))
		var bad *NonFiniteError
		if !errors.As(err, &bad) || !strings.HasPrefix(bad.Term, "gradient of ") {
			t.Fatalf("error %v with losses %+v, want a NonFiniteError of a gradient", err, losses)
		}
		after, err := tr.Snapshot()
		if err != nil {
			t.Fatal(err)
		}
		sameFloats(t, "parameters", p.Values, after.Values)
	})
}

// Every variant trains and plans on the fast device as on the reference.
func TestVariantsAgree(t *testing.T) {
	forVariants(t, func(t *testing.T, c Config) {
		c.ImageBits, c.Activation, c.FreeNatsOf, c.GlobalKL, c.Overshooting = 5, ReLU, FreeEachStep, 0.1, 3
		devicesAgree(t, c)
		modelsAgree(t, c)
	})
}

// The fast device trains as the reference does, resumes bit for bit, and its
// models agree.
func TestDevicesAgree(t *testing.T) { devicesAgree(t, tiny()) }

func devicesAgree(t *testing.T, c Config) {
	var reference []Losses
	withDevices(t, func(t *testing.T, dev device.Device) {
		p, err := NewParams(c, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		a, err := NewTrainer(p, dev, 1)
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		first := update(t, a, toyBatch(3, 5, 1))
		state, err := a.State()
		if err != nil {
			t.Fatal(err)
		}
		b, err := NewTrainer(p, dev, 99)
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		if err := b.Restore(state); err != nil {
			t.Fatal(err)
		}
		second := update(t, a, toyBatch(3, 5, 2))
		if resumed := update(t, b, toyBatch(3, 5, 2)); resumed != second {
			t.Errorf("resumed: %+v, without a stop %+v", resumed, second)
		}
		if reference == nil {
			reference = []Losses{first, second}
			return
		}
		for i, got := range []Losses{first, second} {
			want := reference[i]
			for _, x := range [][2]float64{
				{got.Total, want.Total}, {got.Image, want.Image}, {got.Reward, want.Reward},
				{got.KL, want.KL}, {got.GradNorm, want.GradNorm}, {got.GlobalKL, want.GlobalKL},
				{got.OvershootingKL, want.OvershootingKL}, {got.OvershootingReward, want.OvershootingReward},
			} {
				if math.Abs(x[0]-x[1]) > 1e-3*math.Abs(x[1]) {
					t.Errorf("step %d: %+v, the reference %+v", i+1, got, want)
				}
			}
		}
	})
}

// Jacobians, scores and pictures of the fast device are the reference's.
func TestModelsAgree(t *testing.T) { modelsAgree(t, tiny()) }

func modelsAgree(t *testing.T, c Config) {
	type outputs struct{ next, dz, da, moments, dm, returns, drdz, reward, cost, dcost []float64 }
	var reference *outputs
	withDevices(t, func(t *testing.T, dev device.Device) {
		_, p := newModel(t, c, 2)
		m, err := NewModel(p, dev)
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		rng := newRand(11)
		n, w, a, k := 7, m.FeatureDim(), 2, 30
		z, act := normals(rng, n*w), normals(rng, n*a)
		std := make([]float64, n*w)
		for i := range std {
			std[i] = 0.3
		}
		out := outputs{
			make([]float64, n*w), make([]float64, n*w*w), make([]float64, n*w*a),
			make([]float64, n*w), make([]float64, n*w*w), make([]float64, 5), make([]float64, n*w),
			make([]float64, n), make([]float64, n), make([]float64, n*w),
		}
		actions := make([]float32, 5*3*a)
		for i := range actions {
			actions[i] = float32(rng.NormFloat64())
		}
		for _, err := range []error{
			m.Linearize(n, z, act, out.next, out.dz, out.da),
			m.LinearizeMoments(n, k, z, std, act, out.moments, make([]float64, n*w), out.dm, nil, 12, 0),
			m.Score(z[:w], actions, 5, 3, out.returns, newRand(13)),
			m.LinearizeReward(n, z, make([]float64, n), out.drdz),
			m.ExpectRewards(n, k, z, std, out.reward, out.cost, out.dcost, 12, 3),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		if reference == nil {
			reference = &out
			return
		}
		nearAll(t, "next", out.next, reference.next, 1e-4)
		nearAll(t, "dz", out.dz, reference.dz, 1e-4)
		nearAll(t, "da", out.da, reference.da, 1e-4)
		nearAll(t, "moments", out.moments, reference.moments, 1e-4)
		nearAll(t, "moments' dz", out.dm, reference.dm, 1e-4)
		nearAll(t, "returns", out.returns, reference.returns, 1e-3)
		nearAll(t, "drdz", out.drdz, reference.drdz, 1e-4)
		nearAll(t, "expected reward", out.reward, reference.reward, 1e-4)
		nearAll(t, "expected cost", out.cost, reference.cost, 1e-4)
		nearAll(t, "expected cost's gradient", out.dcost, reference.dcost, 1e-4)
	})
}

// openGPU opens an emulated GPU; nil in tests that are built without.
var openGPU func(t *testing.T) device.Device
