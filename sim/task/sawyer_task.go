package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// fingerLength is how far the fingertips are below the hand, m.
const fingerLength = 0.045

// fingertips is where they are when the hand is at p.
func fingertips(p [3]float64) [3]float64 { return moved(p, 0, 0, -fingerLength) }

// binder is a manipulation task around an arm.
type binder interface {
	bind(m *mujoco.Model) (rules, error)
}

// sawyerTask fills in what the manipulation tasks have in common. wrap puts a task
// around the arm of a new instance.
func sawyerTask(t sim.Task, file string, wrap func(s sawyer) binder) sim.Task {
	t.Group, t.Sparse = "sparse-manipulation", true
	t.ActionDim, t.ObsDim = sawyerActions, sawyerObs
	if t.Camera == (render.Camera{}) {
		t.Camera = sawyerCamera
	}
	if t.FreeCamera == (render.Camera{}) {
		t.FreeCamera = sawyerFreeCamera
	}
	t.Hold = func(s sim.State, action []float64) { action[3] = s.Ctrl[0] } // the fingers keep their grip
	facts := t
	t.New = func(settings map[string]string) (sim.Instance, error) {
		s, err := newSawyer(settings)
		if err != nil {
			return nil, err
		}
		in, err := openApart(facts, file, wrap(s).bind)
		if err != nil {
			return nil, err
		}
		return in, nil
	}
	return t
}

var (
	// sawyerCamera sees what the released wrapper's camera sees. That one stands on its
	// head (azimuth 205, elevation −165) and its picture is turned; this one is upright.
	sawyerCamera     = render.Camera{LookAt: [3]float64{1.1, 1.1, -0.1}, Distance: 2.6, Azimuth: 25, Elevation: -15, FovY: 45}
	sawyerFreeCamera = render.Camera{LookAt: [3]float64{0, 0.47, 0.2}, Distance: 1.75, Azimuth: 156, Elevation: -20, FovY: 45}
)
