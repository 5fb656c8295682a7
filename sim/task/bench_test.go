package task_test

import (
	"image"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/task"
)

// BenchmarkStep is one control step of each task under random actions.
func BenchmarkStep(b *testing.B) {
	benchmarkSteps(b, func(in sim.Instance, action []float64) error { _, err := in.Step(action); return err })
}

// BenchmarkBare is the physics of BenchmarkStep alone.
func BenchmarkBare(b *testing.B) {
	benchmarkSteps(b, func(in sim.Instance, action []float64) error {
		return in.(interface{ Bare(action []float64) error }).Bare(action)
	})
}

func benchmarkSteps(b *testing.B, step func(in sim.Instance, action []float64) error) {
	for _, tk := range task.All() {
		b.Run(tk.Name, func(b *testing.B) {
			in, ts := start(b, tk)
			p := &sim.RandomPolicy{}
			p.Reset(1)
			action := make([]float64, tk.ActionDim)
			b.ReportAllocs()
			for b.Loop() {
				p.Act(ts, action)
				if err := step(in, action); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkReset(b *testing.B) {
	for _, tk := range task.All() {
		b.Run(tk.Name, func(b *testing.B) {
			in, _ := start(b, tk)
			seed := int64(0)
			for b.Loop() {
				if _, err := in.Reset(seed); err != nil {
					b.Fatal(err)
				}
				seed++
			}
		})
	}
}

func BenchmarkScene(b *testing.B) {
	for _, tk := range task.All() {
		b.Run(tk.Name, func(b *testing.B) {
			in, _ := start(b, tk)
			var s render.Scene
			b.ReportAllocs()
			for b.Loop() {
				in.Scene(&s)
			}
		})
	}
}

// BenchmarkObservation is the 64×64 picture of each task, scene refilled.
func BenchmarkObservation(b *testing.B) {
	renderer := openRenderer(b)
	frame := image.NewRGBA(image.Rectangle{Max: observationSize})
	for _, tk := range task.All() {
		b.Run(tk.Name, func(b *testing.B) {
			in, _ := start(b, tk)
			var s render.Scene
			b.ReportAllocs()
			for b.Loop() {
				in.Scene(&s)
				if err := renderer.Draw(frame, &s, tk.Camera); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func start(b *testing.B, tk sim.Task) (sim.Instance, sim.Timestep) {
	in, err := tk.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { in.Close() })
	ts, err := in.Reset(1)
	if err != nil {
		b.Fatal(err)
	}
	return in, ts
}
