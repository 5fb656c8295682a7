package planning

import (
	"context"
	"fmt"
	"math/rand"
	"testing"
)

// BenchmarkLM is one Levenberg-Marquardt iteration: Jacobians of a one-layer
// network and the step. n is the size of a block, Z + A. 50x234 is the paper's
// model on a 50-step task, 30x82 the class preset on the lottery.
func BenchmarkLM(b *testing.B) {
	for _, c := range []struct{ h, z, a int }{{50, 230, 4}, {30, 80, 2}} {
		for _, split := range []bool{false, true} {
			b.Run(fmt.Sprintf("lm-iteration/%dx%d/split=%v", c.h, c.z+c.a, split), func(b *testing.B) {
				rng := rand.New(rand.NewSource(1))
				s := newSmooth(rng, c.z, c.a)
				l := NewLatCo()
				p := &Problem{Model: s, Feature: make([]float64, c.z), Horizon: c.h, Rand: rng}
				tr := newTrajectory(p, 1, 1, nil)
				st := newStepper(&l.Collocation, p, split)
				for b.Loop() {
					s.linearise(tr)
					if err := st.step(context.Background(), tr); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
