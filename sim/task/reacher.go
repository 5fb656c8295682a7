package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// The reacher's target: where it lies, from the shoulder (m), how large it and the
// fingertip are.
const (
	targetNearest, targetFarthest = 0.05, 0.20
	targetReach                   = 0.24 // as far as the finger comes
	targetRadius                  = 0.05
	fingerRadius                  = 0.01
)

// reacher is an arm of two links on a table. The observation is the angles of shoulder
// and wrist (rad), the way from the finger to the target (m), then the velocities.
type reacher struct {
	finger, target, mocap int // body, body, mocap body
	site                  int // the disc that is seen
}

// ReacherEasy is reacher, easy of the DM Control suite.
func ReacherEasy() sim.Task {
	return suite{file: "reacher.xml", planet: 4, bind: reacher{}.bind}.task(sim.Task{
		Name:      "reacher-easy",
		Title:     "Reacher",
		Summary:   "Nothing is paid until the finger is in the target, which lies elsewhere every time; then it has to be stopped there.",
		Success:   "The fingertip touches the target.",
		ActionDim: 2, ObsDim: 6,
		Camera:     render.Camera{Distance: 0.75, Azimuth: 90, Elevation: -90, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, -0.04}, Distance: 0.98, Azimuth: 72, Elevation: -42, FovY: 45},
	})
}

func (r reacher) bind(m *mujoco.Model) (out rules, err error) {
	if r.finger, err = m.Body("finger"); err != nil {
		return out, err
	}
	if r.target, err = m.Body("target"); err != nil {
		return out, err
	}
	r.mocap = m.BodyMocap[r.target]
	r.site, err = m.Site("target")
	return rules{substeps: 1, reset: r.reset, act: control, judge: r.judge, observe: r.observe, handles: r.handles}, err
}

func (r *reacher) reset(w *world, rng *rand.Rand) {
	scatter(w, rng)
	sin, cos := math.Sincos(uniform(rng, 0, 2*math.Pi))
	radius := uniform(rng, targetNearest, targetFarthest)
	w.MocapPos[r.mocap][0], w.MocapPos[r.mocap][1] = radius*sin, radius*cos
}

// way is from the finger to the target, in the plane of the table.
func (r *reacher) way(w *world) (dx, dy float64) {
	finger, target := w.BodyPos[r.finger], w.MocapPos[r.mocap]
	return target[0] - finger[0], target[1] - finger[1]
}

func (r *reacher) judge(w *world, t *sim.Timestep) {
	dx, dy := r.way(w)
	payGoal(t, math.Sqrt(dx*dx+dy*dy) <= targetRadius+fingerRadius)
}

func (r *reacher) observe(w *world, obs []float64) {
	copy(obs, w.QPos)
	obs[2], obs[3] = r.way(w)
	copy(obs[4:], w.QVel)
}

// handles is the target, which stays where the finger can come.
func (r *reacher) handles(w *world) []sim.Handle {
	return []sim.Handle{{
		Name:   "target",
		Object: render.Object{Kind: render.Site, Body: r.target, ID: r.site},
		Move: func(pos [3]float64) error {
			if err := sim.CheckFinite("position of the target", pos[:]); err != nil {
				return err
			}
			shrink := min(1, targetReach/max(math.Hypot(pos[0], pos[1]), 1e-9))
			w.MocapPos[r.mocap][0], w.MocapPos[r.mocap][1] = pos[0]*shrink, pos[1]*shrink
			return w.Kinematics()
		},
	}}
}
