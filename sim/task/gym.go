package task

import (
	"math/rand"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// locomotion is a runner of Gym: what the tasks of ALM (section 5) differ in. Version
// v2 of the public definitions is meant, which ALM used. Version v4 has the same
// models, resets and terminations, but leaves the contact cost out; it observes and
// rewards what these tasks do with contact forces of zero.
//
// Actions within ±1 are scaled to the control ranges, ±0.4 for the humanoid; costs
// count controls, as the public definitions do. Derived quantities are read as a
// physics step leaves them, without bringing them up to date (settleNothing).
type locomotion struct {
	file     string
	substeps int

	noise    float64 // resets add U(−noise, noise) to positions,
	gaussian bool    // and noise·N(0, 1) to velocities instead of U(−noise, noise)

	place   func(w *world) float64             // where the runner is along x, m
	gain    float64                            // reward for 1 m/s
	alive   float64                            // reward for a step, the terminal one included
	effort  float64                            // cost of Σ ctrl²
	impact  func(cfrcExt [][6]float64) float64 // contact cost [none; then nothing reads contact forces]
	healthy func(qpos, qvel []float64) bool    // false terminates the episode [always true]
	observe func(w *world, obs []float64)

	forces string // contact_forces: real or zero
	real   bool   // what forces says, as of the last reset
}

const (
	forcesReal = "real"
	forcesZero = "zero"
)

// Of what a runner remembers, state.Task: where it was. The public definitions
// compare derived positions from before and after a step, both a physics step old.
const (
	memoryPlace = iota
	gymMemory
)

// task completes the facts that the runners share. ALM plans nothing: it learns from
// model rollouts of K = 3 steps and acts at every step by its policy, which is what
// Horizon and Replan say.
func (l locomotion) task(t sim.Task) sim.Task {
	t.Group = "gym"
	t.Success = "There is no goal: the return of 1000 steps counts."
	t.Horizon, t.Replan, t.EpisodeSteps, t.ActionRepeat = 3, 1, 1000, 1
	facts := t
	t.New = func(settings map[string]string) (sim.Instance, error) {
		own := l
		own.forces = forcesReal
		for key, text := range settings {
			if err := setting.Set(own.fields(), key, text); err != nil {
				return nil, err
			}
		}
		in, err := openApart(facts, own.file, own.bind)
		if err != nil {
			return nil, err
		}
		return in, nil
	}
	return t
}

func (l *locomotion) bind(*mujoco.Model) (rules, error) {
	return rules{
		substeps: l.substeps, memory: gymMemory, settle: settleNothing,
		fields: l.fields, reset: l.reset, begin: l.begin, displaced: l.begin, act: control,
		derive: l.derive, judge: l.judge, observe: l.observe, track: l.track,
	}, nil
}

func (l *locomotion) fields() []setting.Field {
	if l.impact == nil {
		return nil
	}
	return []setting.Field{{
		Key: "contact_forces", Title: "Contact forces", Choices: []string{forcesReal, forcesZero}, Value: &l.forces,
		Help: "real: external forces are computed, as in MuJoCo 1.5, with which ALM's figures were made; zero: they are observed and charged as 0, as Gym v2 and v3 do on MuJoCo 2 (gym issue 1541), which is also the reward of v4.",
	}}
}

func (l *locomotion) reset(w *world, rng *rand.Rand) {
	l.real = l.impact != nil && l.forces == forcesReal
	for i := range w.QPos {
		w.QPos[i] += l.noise * (2*rng.Float64() - 1)
	}
	for i := range w.QVel {
		if l.gaussian {
			w.QVel[i] += l.noise * rng.NormFloat64()
		} else {
			w.QVel[i] += l.noise * (2*rng.Float64() - 1)
		}
	}
}

func (l *locomotion) begin(w *world) { w.memory[memoryPlace] = l.place(w) }

// control scales an action to the control ranges, which are all symmetric, without
// rounding where they are ±1.
func control(w *world, action []float64) {
	for i, a := range action {
		w.Ctrl[i] = a * w.model.CtrlRange[i][1]
	}
}

// track follows the torso on the ground: the first joint says where it is.
func (l *locomotion) track(w *world) [3]float64 {
	at := [3]float64{w.QPos[0]}
	if w.model.JointType[0] == mujoco.FreeJoint {
		at[1] = w.QPos[1]
	}
	return at
}
