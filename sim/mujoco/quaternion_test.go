package mujoco

import (
	"reflect"
	"slices"
	"testing"
)

// A copy of a state in which something turns freely has the poses of the original, to
// the bit, and goes on like it.
func TestAgainIsExact(t *testing.T) {
	m, d := load(t, `<mujoco><worldbody>
		<body pos="0 0 1"><freejoint/><geom type="box" size="0.1 0.2 0.3"/>
			<body pos="0.5 0 0"><joint type="ball"/><geom size="0.1" pos="0.1 0 0"/></body>
		</body></worldbody></mujoco>`)
	twin, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	defer twin.Close()
	copy(d.QVel, []float64{0, 0, 0, 1, 2, 3, -3, 2, 1})
	if err := d.Forward(); err != nil {
		t.Fatal(err)
	}
	for step := range 500 {
		copy(twin.QPos, d.QPos)
		copy(twin.QVel, d.QVel)
		if err := twin.Again(); err != nil {
			t.Fatal(err)
		}
		copy(twin.Warmstart, d.Warmstart)
		for i := range 2 {
			if !reflect.DeepEqual(twin.Poses, d.Poses) || !slices.Equal(twin.QPos, d.QPos) {
				t.Fatalf("step %d+%d: poses differ: %v, %v", step, i, twin.BodyQuat, d.BodyQuat)
			}
			if err := twin.Advance(2); err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				if err := d.Advance(2); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

// Again must also do for states that nothing has normalised.
func TestAgainOfAnything(t *testing.T) {
	m, d := load(t, `<mujoco><worldbody><body><freejoint/><geom size="0.1"/></body></worldbody></mujoco>`)
	twin, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	defer twin.Close()
	for _, q := range [][]float64{{1, 2, 3, 4}, {0.1, 0, 0, 0}, {0, 0, 0, 0}, {0.6, 0.8, 1e-9, 0}} {
		copy(d.QPos[3:], q)
		copy(twin.QPos[3:], q)
		if err := d.Forward(); err != nil {
			t.Fatal(err)
		}
		if err := twin.Again(); err != nil {
			t.Fatal(err)
		}
		for i := range 4 {
			if diff := twin.BodyQuat[1][i] - d.BodyQuat[1][i]; diff > 1e-14 || diff < -1e-14 {
				t.Errorf("%v: poses %v and %v", q, twin.BodyQuat[1], d.BodyQuat[1])
			}
		}
	}
}
