package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	spinVelocity = 15.0 // rad/s, clockwise as the camera sees it
	spinAttempts = 1000 // at a start without collision
)

// finger is a finger of two links beside a spinner. The observation is the angles of
// the finger's joints (rad), the way from the hinge to the spinner's tip (m; x, z), the
// velocities, and the logarithms of 1 + the force (N) on two touch sensors.
type finger struct {
	spinner, tip int // body, site
	touch        [2]mujoco.Sensor
}

// FingerSpin is finger, spin of the DM Control suite.
func FingerSpin() sim.Task {
	return suite{file: "finger.xml", planet: 2, bind: finger{}.bind}.task(sim.Task{
		Name:      "finger-spin",
		Title:     "Finger spin",
		Summary:   "Nothing is paid until the spinner turns fast, in one direction; contacts decide everything and last a few steps.",
		Success:   "The spinner turns at 15 rad/s or more in the right direction.",
		ActionDim: 2, ObsDim: 9,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.3}, Distance: math.Sqrt(1.25), Azimuth: 90, Elevation: suiteTilt, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0.02, 0.3}, Distance: 1.25, Azimuth: 112, Elevation: -20, FovY: 45},
	})
}

// suiteTilt is how much the cameras of finger, cup and quadruped look down, degrees: by
// one for two.
var suiteTilt = -math.Atan(0.5) * 180 / math.Pi

func (f finger) bind(m *mujoco.Model) (r rules, err error) {
	if f.spinner, err = m.Body("spinner"); err != nil {
		return r, err
	}
	if f.tip, err = m.Site("tip"); err != nil {
		return r, err
	}
	for i, name := range [...]string{"touch top", "touch bottom"} {
		if f.touch[i], err = m.Sensor(name); err != nil {
			return r, err
		}
	}
	return rules{substeps: 2, reset: f.reset, act: control, judge: f.judge, observe: f.observe}, nil
}

func (f *finger) reset(w *world, rng *rand.Rand) {
	for range spinAttempts {
		scatter(w, rng)
		if !touches(w) {
			return
		}
	}
}

func (f *finger) judge(w *world, t *sim.Timestep) { payGoal(t, w.QVel[2] <= -spinVelocity) }

func (f *finger) observe(w *world, obs []float64) {
	tip, hinge := w.SitePos[f.tip], w.BodyPos[f.spinner]
	copy(obs, w.QPos[:2])
	obs[2], obs[3] = tip[0]-hinge[0], tip[2]-hinge[2]
	copy(obs[4:], w.QVel)
	for i, s := range f.touch {
		obs[7+i] = math.Log1p(s.Of(w.Data)[0])
	}
}
