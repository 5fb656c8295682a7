package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	cupInside  = 0.05 - 0.025 // m: half the cup's inside less the ball's radius
	cupString  = 0.3          // m
	ballHeight = 0.2          // m, of the ball where its joints are at 0
)

// cup is a ball on a string and a cup that motors move in the plane y = 0. The
// observation is the positions of cup and ball (m; x, z), then the velocities.
type cup struct {
	target, hook int // sites
	ball, seen   int // body, and the site that is seen
}

// CupCatch is ball_in_cup, catch of the DM Control suite.
func CupCatch() sim.Task {
	return suite{file: "cup.xml", planet: 4, bind: cup{}.bind}.task(sim.Task{
		Name:      "cup-catch",
		Title:     "Ball in cup",
		Summary:   "Nothing is paid until the ball lies in the cup: it has to be swung up on its string and caught, blind to any reward on the way.",
		Success:   "The ball is in the cup.",
		ActionDim: 2, ObsDim: 8,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.3}, Distance: math.Sqrt(1.25), Azimuth: 90, Elevation: suiteTilt, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.38}, Distance: 1.2, Azimuth: 105, Elevation: -16, FovY: 45},
	})
}

func (c cup) bind(m *mujoco.Model) (r rules, err error) {
	if c.target, err = m.Site("target"); err != nil {
		return r, err
	}
	if c.hook, err = m.Site("hook"); err != nil {
		return r, err
	}
	if c.ball, err = m.Body("ball"); err != nil {
		return r, err
	}
	c.seen, err = m.Site("ball")
	return rules{substeps: 10, reset: c.reset, act: control, judge: c.judge, handles: c.handles}, err
}

func (c *cup) reset(w *world, rng *rand.Rand) {
	for first := true; first || touches(w); first = false {
		w.QPos[2] = uniform(rng, -0.2, 0.2)
		w.QPos[3] = uniform(rng, 0.2, 0.5)
	}
}

func (c *cup) judge(w *world, t *sim.Timestep) {
	ball, target := w.BodyPos[c.ball], w.SitePos[c.target]
	payGoal(t, math.Abs(target[0]-ball[0]) < cupInside && math.Abs(target[2]-ball[2]) < cupInside)
}

// handles is the ball, which stays on its string and stops where it is put.
func (c *cup) handles(w *world) []sim.Handle {
	return []sim.Handle{{
		Name:   "ball",
		Object: render.Object{Kind: render.Site, Body: c.ball, ID: c.seen},
		Move: func(pos [3]float64) error {
			if err := sim.CheckFinite("position of the ball", pos[:]); err != nil {
				return err
			}
			hook := w.SitePos[c.hook]
			dx, dz := pos[0]-hook[0], pos[2]-hook[2]
			shrink := min(1, cupString/max(math.Hypot(dx, dz), 1e-9))
			w.QPos[2], w.QPos[3] = hook[0]+dx*shrink, hook[2]+dz*shrink-ballHeight
			w.QVel[2], w.QVel[3] = 0, 0
			return w.Kinematics()
		},
	}}
}
