package task

import (
	"math"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	walkerHeight = 1.2 // m, of the torso's middle, from which it stands
	walkerSpeed  = 1.0 // m/s
	walkerParts  = 7   // bodies
)

// walker is a planar walker with two legs and six motors. The observation is the first
// and third component of each body's x axis, the torso's height (m), then the
// velocities.
type walker struct {
	torso    int
	velocity mujoco.Sensor // of the centre of mass, m/s
}

// WalkerWalk is walker, walk of the DM Control suite: three quarters for the height of
// the torso and a quarter for being upright, times what walking adds.
func WalkerWalk() sim.Task {
	return suite{file: "walker.xml", planet: 2, bind: walker{}.bind}.task(sim.Task{
		Name:      "walker-walk",
		Title:     "Walker walk",
		Summary:   "It starts in a heap and has to stand up first; standing pays a sixth of walking, and a stumble costs many steps.",
		ActionDim: 6, ObsDim: 24,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 2 - 2/math.Sqrt(3)}, Distance: 4 / math.Sqrt(3), Azimuth: 90, Elevation: -30, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.9}, Distance: 3.1, Azimuth: 114, Elevation: -12, FovY: 45},
	})
}

func (k walker) bind(m *mujoco.Model) (r rules, err error) {
	if k.torso, err = m.Body("torso"); err != nil {
		return r, err
	}
	k.velocity, err = m.Sensor("velocity")
	return rules{
		substeps: 10, reset: scatter, act: control, judge: k.judge, observe: k.observe,
		track: follow(k.torso, [3]float64{0.008806, 0, 0.772344}),
	}, err
}

var (
	walkerStands = atLeast(walkerHeight, walkerHeight/2, gaussian(0.1))
	walkerWalks  = atLeast(walkerSpeed, walkerSpeed/2, linear(0.5))
)

func (k *walker) judge(w *world, t *sim.Timestep) {
	pay(t, walkerReward(w.BodyPos[k.torso][2], w.BodyMat[k.torso][8], k.velocity.Of(w.Data)[0]))
}

// walkerReward is of the torso's height, the cosine of its lean and the speed.
func walkerReward(height, cosine, speed float64) float64 {
	stand := (3*walkerStands.of(height) + (1+cosine)/2) / 4
	return stand * (5*walkerWalks.of(speed) + 1) / 6
}

func (k *walker) observe(w *world, obs []float64) {
	for i := range walkerParts {
		obs[2*i], obs[2*i+1] = w.BodyMat[k.torso+i][0], w.BodyMat[k.torso+i][2]
	}
	obs[2*walkerParts] = w.BodyPos[k.torso][2]
	copy(obs[2*walkerParts+1:], w.QVel)
}
