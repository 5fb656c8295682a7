package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	quadrupedSpeed = 0.5  // m/s
	quadrupedLift  = 0.01 // m, by which a start is raised until nothing touches
	quadrupedRoot  = 7    // positions of the free joint, which come first
)

// The quadruped's servos: of each leg yaw, lift and extension, with these control
// ranges (rad).
var quadrupedServos = [3][2]float64{{-1, 1}, {-1, 1.1}, {-0.8, 0.8}}

// quadruped has four legs and twelve filtered position servos. The observation is the
// legs' angles (rad) and velocities, the servos' filtered targets, the torso's velocity
// in its own frame (m/s), its z axis along the world's, accelerometer and gyroscope,
// and the inverse hyperbolic sines of force (N) and torque (N m) at the four toes.
type quadruped struct {
	torso                 int
	velocity, accel, gyro mujoco.Sensor
	toes                  [8]mujoco.Sensor // forces, then torques
}

// QuadrupedWalk is quadruped, walk of the DM Control suite: upright times forward speed.
func QuadrupedWalk() sim.Task {
	return suite{file: "quadruped.xml", planet: 2, bind: quadruped{}.bind}.task(sim.Task{
		Name:      "quadruped-walk",
		Title:     "Quadruped walk",
		Summary:   "Twelve servos, and it starts in any orientation: it has to right itself before it can walk.",
		ActionDim: 12, ObsDim: 78,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.57}, Distance: math.Sqrt(20), Azimuth: -90, Elevation: suiteTilt, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.45}, Distance: 3.4, Azimuth: -128, Elevation: -18, FovY: 45},
		Hold:       holdServos,
	})
}

// holdServos asks of the servos what they hold now.
func holdServos(s sim.State, action []float64) {
	for i, target := range s.Act {
		lo, hi := quadrupedServos[i%3][0], quadrupedServos[i%3][1]
		action[i] = min(max(2*(target-lo)/(hi-lo)-1, -1), 1)
	}
}

func (q quadruped) bind(m *mujoco.Model) (r rules, err error) {
	if q.torso, err = m.Body("torso"); err != nil {
		return r, err
	}
	for name, s := range map[string]*mujoco.Sensor{
		"velocimeter": &q.velocity, "accelerometer": &q.accel, "gyro": &q.gyro,
		"force_front_left": &q.toes[0], "force_front_right": &q.toes[1],
		"force_back_right": &q.toes[2], "force_back_left": &q.toes[3],
		"torque_front_left": &q.toes[4], "torque_front_right": &q.toes[5],
		"torque_back_right": &q.toes[6], "torque_back_left": &q.toes[7],
	} {
		if *s, err = m.Sensor(name); err != nil {
			return r, err
		}
	}
	return rules{
		substeps: 4, reset: q.reset, judge: q.judge, observe: q.observe,
		track: follow(q.torso, [3]float64{0, 0, 0.544341}),
	}, nil
}

// reset turns the quadruped at random and raises it until nothing touches.
func (q *quadruped) reset(w *world, rng *rand.Rand) {
	var turn [4]float64
	var norm float64
	for i := range turn {
		turn[i] = rng.NormFloat64()
		norm += turn[i] * turn[i]
	}
	for i := range turn {
		turn[i] /= math.Sqrt(norm)
	}
	for z, touching := 0.0, true; touching; z += quadrupedLift {
		copy(w.QPos, []float64{0, 0, z})
		copy(w.QPos[3:], turn[:])
		touching = touches(w)
	}
}

var (
	quadrupedUpright = atLeast(1, 2, linear(0))
	quadrupedWalks   = atLeast(quadrupedSpeed, quadrupedSpeed, linear(0.5))
)

func (q *quadruped) judge(w *world, t *sim.Timestep) {
	pay(t, quadrupedUpright.of(w.BodyMat[q.torso][8])*quadrupedWalks.of(q.velocity.Of(w.Data)[0]))
}

func (q *quadruped) observe(w *world, obs []float64) {
	n := copy(obs, w.QPos[quadrupedRoot:])
	n += copy(obs[n:], w.QVel[quadrupedRoot-1:])
	n += copy(obs[n:], w.Act)
	n += copy(obs[n:], q.velocity.Of(w.Data))
	obs[n] = w.BodyMat[q.torso][8]
	n++
	n += copy(obs[n:], q.accel.Of(w.Data))
	n += copy(obs[n:], q.gyro.Of(w.Data))
	for _, s := range q.toes {
		for _, x := range s.Of(w.Data) {
			obs[n] = math.Asinh(x)
			n++
		}
	}
}
