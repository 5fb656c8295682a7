package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/sim"
)

// TestSuiteCameras compares with where the public cameras 0 (of the quadruped 2) are
// in the model's initial posture and how they are turned: cam_xpos, and of cam_xmat
// the columns right, up and back.
func TestSuiteCameras(t *testing.T) {
	const c, s = 0.894427190999916, 0.447213595499958
	for _, v := range []struct {
		task                 sim.Task
		eye, right, up, back [3]float64
	}{
		{CartpoleSwingup(), [3]float64{0, -4, 1}, [3]float64{1, 0, 0}, [3]float64{0, 0, 1}, [3]float64{0, -1, 0}},
		{CartpoleBalance(), [3]float64{0, -4, 1}, [3]float64{1, 0, 0}, [3]float64{0, 0, 1}, [3]float64{0, -1, 0}},
		{ReacherEasy(), [3]float64{0, 0, 0.75}, [3]float64{1, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, 1}},
		{CheetahRun(), [3]float64{0, -3, 0.7}, [3]float64{1, 0, 0}, [3]float64{0, 0, 1}, [3]float64{0, -1, 0}},
		{FingerSpin(), [3]float64{0, -1, 0.8}, [3]float64{1, 0, 0}, [3]float64{0, s, c}, [3]float64{0, -c, s}},
		{CupCatch(), [3]float64{0, -1, 0.8}, [3]float64{1, 0, 0}, [3]float64{0, s, c}, [3]float64{0, -c, s}},
		{WalkerWalk(), [3]float64{0, -2, 2}, [3]float64{1, 0, 0}, [3]float64{0, 0.5, math.Sqrt(0.75)}, [3]float64{0, -math.Sqrt(0.75), 0.5}},
		{QuadrupedWalk(), [3]float64{0, 4, 2.57}, [3]float64{-1, 0, 0}, [3]float64{0, -s, c}, [3]float64{0, c, s}},
	} {
		f := v.task.Camera.Frame()
		for i := range 3 {
			for name, d := range map[string]float64{
				"eye": f.Eye[i] - v.eye[i], "right": f.Right[i] - v.right[i],
				"up": f.Up[i] - v.up[i], "forward": f.Forward[i] + v.back[i],
			} {
				if math.Abs(d) > 1e-9 {
					t.Errorf("%s: %s, component %d is off by %g", v.task.Name, name, i, d)
				}
			}
		}
		if v.task.Camera.Fov() != 45 {
			t.Errorf("%s: field of view %g°", v.task.Name, v.task.Camera.Fov())
		}
	}
}

// TestSuiteCamerasFollow: in the initial posture cameras are where Task has them, and
// they go where the body goes.
func TestSuiteCamerasFollow(t *testing.T) {
	for _, c := range []struct {
		task    sim.Task
		forward int // the joint that moves along x
		home    []float64
	}{
		{CheetahRun(), 0, make([]float64, 9)},
		{WalkerWalk(), 1, make([]float64, 9)},
		{QuadrupedWalk(), 0, append([]float64{0, 0, 0.57, 1}, make([]float64, 19)...)},
	} {
		in := openSuite(t, c.task, "1")
		for _, x := range []float64{0, 7.5} {
			if _, err := in.Reset(1); err != nil {
				t.Fatal(err)
			}
			c.home[c.forward] = x
			if _, err := in.(sim.Starter).Start(c.home, make([]float64, len(in.State().QVel))); err != nil {
				t.Fatal(err)
			}
			for i, want := range [3]float64{x, 0, 0} {
				if got := in.(sim.Tracker).Track()[i]; math.Abs(got-want) > 1e-6 {
					t.Errorf("%s at x = %g: component %d followed by %g", c.task.Name, x, i, got)
				}
			}
		}
	}
}
