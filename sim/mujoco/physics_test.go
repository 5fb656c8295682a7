package mujoco

import (
	"errors"
	"slices"
	"testing"
	"testing/fstest"
)

// runner is a ball that rolls, dressed up, in a file that includes another.
var runner = fstest.MapFS{
	"look.xml": {Data: []byte(`<mujoco><asset><material name="red" rgba="1 0 0 1"/></asset>
		<default><default class="show"><geom mass="0" contype="0" conaffinity="0" material="red"/></default></default></mujoco>`)},
	"runner.xml": {Data: []byte(`<mujoco><include file="look.xml"/><worldbody>
		<geom name="floor" type="plane" size="0 0 1"/>
		<geom name="line" class="show" type="box" size="9 .1 .001"/>
		<body name="ball" pos="0 0 .3">
			<freejoint/>
			<geom name="hat" class="show" size=".2" pos="0 0 .2"/>
			<geom name="core" size=".2"/>
			<site name="eye" pos=".2 0 0"/>
			<body name="wheel" pos=".3 0 0"><joint name="axle" axis="0 1 0"/><geom name="rim" size=".1"/></body>
		</body></worldbody>
		<actuator><motor name="drive" joint="axle" gear="2"/></actuator></mujoco>`)},
}

// TestLoadPhysics finds the decoration gone and the dynamics the same to the bit.
func TestLoadPhysics(t *testing.T) {
	var ends [2][]float64
	for i, load := range []func() (*Model, error){
		func() (*Model, error) { return LoadFS(runner, "runner.xml") },
		func() (*Model, error) { return LoadPhysics(runner, "runner.xml") },
	} {
		m, err := load()
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		if want := []int{5, 3}[i]; m.NGeom != want || m.NBody != 3 || m.NSite != 1 || m.NU != 1 {
			t.Errorf("%d geoms, want %d; %d bodies, %d sites, %d actuators", m.NGeom, want, m.NBody, m.NSite, m.NU)
		}
		if _, err := m.Geom("hat"); (err == nil) != (i == 0) {
			t.Errorf("hat: %v", err)
		}
		d, err := m.NewData()
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		d.Ctrl[0] = 0.5
		if err := d.Step(500); err != nil {
			t.Fatal(err)
		}
		ends[i] = slices.Concat(d.QPos, d.QVel)
	}
	if !slices.Equal(ends[0], ends[1]) {
		t.Errorf("the dynamics differ:\n%v\n%v", ends[0], ends[1])
	}
	var bad *LoadError
	if _, err := LoadPhysics(runner, "walker.xml"); !errors.As(err, &bad) {
		t.Errorf("a file that is not there: %v", err)
	}
}
