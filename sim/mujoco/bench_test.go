package mujoco

import (
	"testing"

	"github.com/latco-studio/latco/render"
)

// The same work through Go, in calls of one and of five steps, and as a C program
// would do it. The difference is the price of cgo and of the checks.
func BenchmarkStep(b *testing.B) {
	for _, c := range []struct {
		name string
		n    int
		step func(d *Data, n int) error
	}{
		{"call of 1", 1, (*Data).Step},
		{"call of 5", 5, (*Data).Step},
		{"call of 100", 100, (*Data).Step},
		{"bare C loop of 100", 100, func(d *Data, n int) error { d.bareLoop(n); return nil }},
	} {
		b.Run(c.name, func(b *testing.B) {
			_, d := load(b, cartpole)
			steps := 0
			b.ReportAllocs()
			for b.Loop() {
				if err := c.step(d, c.n); err != nil {
					b.Fatal(err)
				}
				steps += c.n
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(steps), "ns/step")
		})
	}
}

func BenchmarkScene(b *testing.B) {
	m, d := load(b, gallery)
	s, err := m.NewScene()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	var view render.Scene
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Update(d, &view); err != nil {
			b.Fatal(err)
		}
	}
}
