package mujoco

import (
	"errors"
	"math"
	"testing"
)

// arm is a planar arm of two links of 0.5 m in the x-z plane, and a goal.
const arm = `<mujoco>
  <option timestep="0.005" gravity="0 0 0"/>
  <visual><map stiffness="400"/></visual>
  <default><joint type="hinge" axis="0 1 0" damping="0.1"/><geom type="capsule" size="0.03" contype="0" conaffinity="0"/></default>
  <worldbody>
    <body name="upper"><joint name="shoulder"/><geom fromto="0 0 0 0.5 0 0"/>
      <body name="lower" pos="0.5 0 0"><joint name="elbow" limited="true" range="-150 150"/><geom fromto="0 0 0 0.5 0 0"/></body>
    </body>
    <body name="free" pos="0 2 0"><freejoint/><geom fromto="-0.1 0 0 0.1 0 0"/></body>
    <body name="goal" mocap="true" pos="1 1 1"><geom type="sphere" size="0.1"/></body>
  </worldbody>
</mujoco>`

var hand = [3]float64{0.5, 0, 0} // the end of the lower link

func handAt(d *Data, body int, local [3]float64) (p [3]float64) {
	r := d.BodyMat[body]
	for i := range p {
		p[i] = d.BodyPos[body][i] + r[3*i]*local[0] + r[3*i+1]*local[1] + r[3*i+2]*local[2]
	}
	return p
}

func distance(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// TestPlace reaches points through the joints, and goes as near as it can to those
// out of reach.
func TestPlace(t *testing.T) {
	m, d := load(t, arm)
	lower, _ := m.Body("lower")
	d.QPos[1] = 0.5 // off the stretched, singular posture
	for _, c := range []struct {
		target [3]float64
		miss   float64
	}{
		{[3]float64{0.6, 0, 0.3}, 0}, {[3]float64{0.4, 0, -0.5}, 0}, {[3]float64{0.7, 0.2, 0}, 0.2}, {[3]float64{3, 0, 0}, 2},
	} {
		for range 20 { // a mouse moves in many small steps
			if err := d.Place(lower, hand, c.target); err != nil {
				t.Fatal(err)
			}
		}
		if got := distance(handAt(d, lower, hand), c.target); math.Abs(got-c.miss) > 0.01+0.02*c.miss {
			t.Errorf("the hand is %.3f m from %v, want %g", got, c.target, c.miss)
		}
		d.QPos[1] = 0.5
	}
	if d.Time() != 0 || d.QVel[0] != 0 {
		t.Error("placing moved time or gave a velocity")
	}
}

func TestPlaceRespectsLimits(t *testing.T) {
	m, d := load(t, cartpole)
	cart, _ := m.Body("cart")
	if err := d.Place(cart, [3]float64{}, [3]float64{7, 1, 1}); err != nil || d.QPos[0] != 1.8 {
		t.Errorf("cart at %g, %v; want its limit 1.8", d.QPos[0], err)
	}
}

func TestPlaceFreeBody(t *testing.T) {
	m, d := load(t, arm)
	free, _ := m.Body("free")
	target := [3]float64{1, -1, 0.5}
	if err := d.Place(free, [3]float64{0.1, 0, 0}, target); err != nil {
		t.Fatal(err)
	}
	if got := distance(handAt(d, free, [3]float64{0.1, 0, 0}), target); got > 1e-4 {
		t.Errorf("%g m from the target", got)
	}
	if q := d.QPos[5:9]; math.Abs(q[0]*q[0]+q[1]*q[1]+q[2]*q[2]+q[3]*q[3]-1) > 1e-9 {
		t.Errorf("orientation %v is no unit quaternion", q)
	}
}

func TestPull(t *testing.T) {
	m, d := load(t, arm)
	lower, _ := m.Body("lower")
	d.QPos[1] = 0.5
	target := [3]float64{0.4, 0, -0.5}
	if err := d.Pull(lower, hand, target); err != nil {
		t.Fatal(err)
	}
	if err := d.Step(800); err != nil { // 4 s
		t.Fatal(err)
	}
	if err := d.Kinematics(); err != nil {
		t.Fatal(err)
	}
	if got := distance(handAt(d, lower, hand), target); got > 0.01 {
		t.Errorf("pulled hand is %.3f m from its target", got)
	}
	d.Release()
	at := handAt(d, lower, hand)
	if err := d.Step(100); err != nil {
		t.Fatal(err)
	}
	if err := d.Kinematics(); err != nil {
		t.Fatal(err)
	}
	if got := distance(handAt(d, lower, hand), at); got > 0.01 {
		t.Errorf("released, the hand drifts %.3f m", got)
	}
}

// TestPullIsCritical: a free body in space approaches its target without
// overshooting, whatever its mass.
func TestPullIsCritical(t *testing.T) {
	m, d := load(t, arm)
	free, _ := m.Body("free")
	if err := d.Pull(free, [3]float64{}, [3]float64{1, 2, 0}); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		if err := d.Step(1); err != nil {
			t.Fatal(err)
		}
		if x := d.QPos[2]; x > 1.001 {
			t.Fatalf("overshoots to %g", x)
		}
	}
	if x := d.QPos[2]; math.Abs(x-1) > 0.01 {
		t.Errorf("after 1.5 s at %g, want 1", x)
	}
}

func TestPullMocap(t *testing.T) {
	m, d := load(t, arm)
	goal, _ := m.Body("goal")
	for _, move := range []func(int, [3]float64, [3]float64) error{d.Pull, d.Place} {
		target := [3]float64{0.1, 0.2, 0.3}
		if err := move(goal, [3]float64{0.05, 0, 0}, target); err != nil {
			t.Fatal(err)
		}
		if got := distance(d.BodyPos[goal], [3]float64{0.05, 0.2, 0.3}); got > 1e-12 {
			t.Errorf("the goal is at %v", d.BodyPos[goal])
		}
	}
}

func TestPullErrors(t *testing.T) {
	m, d := load(t, arm)
	var body *BodyError
	for _, b := range []int{-1, 0, m.NBody} {
		if err := d.Pull(b, [3]float64{}, [3]float64{}); !errors.As(err, &body) {
			t.Errorf("body %d: %v", b, err)
		}
	}
	var bad *NotFiniteError
	if err := d.Place(1, [3]float64{}, [3]float64{math.NaN()}); !errors.As(err, &bad) {
		t.Errorf("NaN target: %v", err)
	}
}
