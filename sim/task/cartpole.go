package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// cartpole is a pole hinged to a cart that a motor pushes along a rail. The reward is
// the product of being upright, in the middle, with little force and little spin. The
// observation is the cart's position (m), cosine and sine of the pole's angle, then
// both velocities.
type cartpole struct {
	swing bool // starts hanging, else nearly upright
	pole  int
}

// CartpoleSwingup is cartpole, swingup of the DM Control suite.
func CartpoleSwingup() sim.Task {
	return cartpole{swing: true}.task(sim.Task{
		Name:    "cartpole-swingup",
		Title:   "Cartpole swing-up",
		Summary: "The motor is too weak to lift the pole at once: it takes swings in the right rhythm, and then a balance at the top.",
	})
}

// CartpoleBalance is cartpole, balance of the DM Control suite.
func CartpoleBalance() sim.Task {
	return cartpole{}.task(sim.Task{
		Name:    "cartpole-balance",
		Title:   "Cartpole balance",
		Summary: "The pole starts upright, which is unstable; small pushes at the right moment keep it there, and almost any plan pays at first.",
	})
}

func (c cartpole) task(t sim.Task) sim.Task {
	t.ActionDim, t.ObsDim = 1, 5
	t.Camera = render.Camera{LookAt: [3]float64{0, 0, 1}, Distance: 4, Azimuth: 90, FovY: 45}
	t.FreeCamera = render.Camera{LookAt: [3]float64{0, 0, 0.9}, Distance: 4.6, Azimuth: 112, Elevation: -12, FovY: 45}
	return suite{file: "cartpole.xml", planet: 8, bind: c.bind}.task(t)
}

func (c cartpole) bind(m *mujoco.Model) (r rules, err error) {
	c.pole, err = m.Body("pole")
	return rules{substeps: 1, reset: c.reset, act: control, judge: c.judge, observe: c.observe}, err
}

func (c *cartpole) reset(w *world, rng *rand.Rand) {
	if c.swing {
		w.QPos[0] = 0.01 * rng.NormFloat64()
		w.QPos[1] = math.Pi + 0.01*rng.NormFloat64()
	} else {
		w.QPos[0] = uniform(rng, -0.1, 0.1)
		w.QPos[1] = uniform(rng, -0.034, 0.034)
	}
	for i := range w.QVel {
		w.QVel[i] = 0.01 * rng.NormFloat64()
	}
}

var (
	cartCentred = near(2, gaussian(0.1)) // m
	cartControl = near(1, quadratic(0))
	poleStill   = near(5, gaussian(0.1)) // rad/s
)

func (c *cartpole) judge(w *world, t *sim.Timestep) {
	pay(t, cartpoleReward(w.QPos[0], w.BodyMat[c.pole][8], w.Ctrl[0], w.QVel[1]))
}

// cartpoleReward is of the cart's place x, the cosine of the pole's angle, the control
// and the pole's angular velocity.
func cartpoleReward(x, cosine, control, spin float64) float64 {
	upright := (cosine + 1) / 2
	small := (4 + cartControl.of(control)) / 5
	still := (1 + poleStill.of(spin)) / 2
	centred := (1 + cartCentred.of(x)) / 2
	return upright * small * still * centred
}

func (c *cartpole) observe(w *world, obs []float64) {
	obs[0] = w.QPos[0]
	obs[1], obs[2] = w.BodyMat[c.pole][8], w.BodyMat[c.pole][2]
	copy(obs[3:], w.QVel)
}
