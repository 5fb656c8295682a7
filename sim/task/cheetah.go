package task

import (
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	cheetahSpeed  = 10.0 // m/s, where the reward ends to grow
	cheetahSettle = 200  // physics steps in which a new start comes to rest
)

// cheetah is a planar runner with six motors. The observation is height, pitch and the
// joints' angles (rad), then all velocities.
type cheetah struct {
	torso    int
	velocity mujoco.Sensor // of the centre of mass, m/s
}

// CheetahRun is cheetah, run of the DM Control suite: the speed in tenths of 10 m/s.
func CheetahRun() sim.Task {
	return suite{file: "cheetah.xml", planet: 4, bind: cheetah{}.bind}.task(sim.Task{
		Name:      "cheetah-run",
		Title:     "Cheetah run",
		Summary:   "Six motors and many contacts; the reward is speed, and the fast gaits are far from the first ones that work.",
		ActionDim: 6, ObsDim: 17,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.7}, Distance: 3, Azimuth: 90, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.5}, Distance: 3.2, Azimuth: 118, Elevation: -14, FovY: 45},
	})
}

func (c cheetah) bind(m *mujoco.Model) (r rules, err error) {
	if c.torso, err = m.Body("torso"); err != nil {
		return r, err
	}
	c.velocity, err = m.Sensor("velocity")
	return rules{
		substeps: 1, reset: c.reset, act: control, judge: c.judge, observe: c.observe,
		track: follow(c.torso, [3]float64{0.037768, 0, 0.551028}),
	}, err
}

// reset drops the cheetah in a random posture. As in the public definition the first
// physics step goes by what was derived from the initial posture.
func (c *cheetah) reset(w *world, rng *rand.Rand) {
	for settled := false; !settled; { // a fall that is unstable is drawn again
		settled = w.Forward() == nil
		scatterLimited(w, rng)
		settled = settled && w.Advance(cheetahSettle) == nil
	}
	w.SetTime(0)
}

var cheetahFast = atLeast(cheetahSpeed, cheetahSpeed, linear(0))

func (c *cheetah) judge(w *world, t *sim.Timestep) {
	pay(t, cheetahFast.of(c.velocity.Of(w.Data)[0]))
}

func (c *cheetah) observe(w *world, obs []float64) { velocities(w, positions(w, obs, 1)) }
