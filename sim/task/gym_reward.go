package task

import (
	"math"

	"github.com/latco-studio/latco/sim"
)

// derive computes the contact forces, which MuJoCo 2 and 3 leave at zero.
func (l *locomotion) derive(w *world) error {
	if !l.real {
		return nil
	}
	return w.ContactForces()
}

func (l *locomotion) judge(w *world, t *sim.Timestep) {
	now := l.place(w)
	speed := (now - w.memory[memoryPlace]) / (float64(l.substeps) * w.model.Timestep())
	w.memory[memoryPlace] = now
	t.Reward = l.reward(speed, w.Ctrl)
	if l.real {
		t.Reward -= l.impact(w.CfrcExt)
	}
	t.SparseReward = t.Reward
	t.Terminated = l.healthy != nil && !l.healthy(w.QPos, w.QVel)
}

// reward is that of v2 but for the contact cost, which is also that of v4: gain·Δx/Δt +
// alive − effort·Σ ctrl².
func (l *locomotion) reward(speed float64, ctrl []float64) float64 {
	return l.gain*speed + l.alive - l.effort*squares(ctrl)
}

// slider is the place of a planar runner: its first joint.
func slider(w *world) float64 { return w.QPos[0] }

// torso is where the body of that name, the first, is along x.
func torso(w *world) float64 { return w.BodyPos[1][0] }

// centreOfMass is where the whole runner is along x, its bodies weighed.
func centreOfMass(w *world) float64 {
	var moment, mass float64
	for i, m := range w.model.BodyMass {
		moment += m * w.BodyCom[i][0]
		mass += m
	}
	return moment / mass
}

func squares(x []float64) (sum float64) {
	for _, v := range x {
		sum += v * v
	}
	return sum
}

// bounded says whether all numbers are finite and of less than the given size.
func bounded(bound float64, x []float64) bool {
	for _, v := range x {
		if !(math.Abs(v) < bound) { // NaN too
			return false
		}
	}
	return true
}
