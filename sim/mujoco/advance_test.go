package mujoco

import (
	"reflect"
	"slices"
	"testing"
)

// Advance goes through the states of Step, to the bit, whatever the integrator, and
// leaves what follows from them as Start computes it.
func TestAdvanceIsStep(t *testing.T) {
	for _, integrator := range []string{"Euler", "RK4", "implicit"} {
		xml := `<mujoco><option integrator="` + integrator + `"/><worldbody>
			<geom type="plane" size="1 1 1"/>
			<body pos="0 0 0.3"><freejoint/><geom type="capsule" size="0.1 0.2"/>
				<body pos="0.3 0 0"><joint name="j" axis="0 1 0" damping="0.1"/><geom size="0.1" pos="0.1 0 0"/></body>
			</body></worldbody>
			<actuator><motor joint="j"/></actuator>
			<sensor><subtreelinvel body="world"/></sensor></mujoco>`
		m, a := load(t, xml)
		b, err := m.NewData()
		if err != nil {
			t.Fatal(err)
		}
		defer b.Close()
		c, err := m.NewData()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		copy(a.QVel, []float64{0.3, 0.2, 0, 3, 2, 1, -1})
		copy(b.QVel, a.QVel)
		for _, d := range []*Data{a, b} {
			if err := d.Start(); err != nil {
				t.Fatal(err)
			}
			clear(d.Warmstart)
		}
		touched := 0
		for step := range 200 {
			a.Ctrl[0] = float64(step%7) - 3
			b.Ctrl[0] = a.Ctrl[0]
			n := step%3 + 1
			if err := a.Advance(n); err != nil {
				t.Fatal(err)
			}
			if err := b.Step(n); err != nil {
				t.Fatal(err)
			}
			copy(c.QPos, b.QPos)
			copy(c.QVel, b.QVel)
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			touched += a.NContact()
			if !slices.Equal(a.QPos, c.QPos) || !slices.Equal(a.QVel, b.QVel) || !slices.Equal(a.Warmstart, b.Warmstart) {
				t.Fatalf("%s, step %d: positions %v and %v, velocities %v and %v", integrator, step, a.QPos, c.QPos, a.QVel, b.QVel)
			}
			if !reflect.DeepEqual(a.Poses, c.Poses) || !slices.Equal(a.SensorData, c.SensorData) || a.NContact() != c.NContact() {
				t.Fatalf("%s, step %d: what is derived is not current", integrator, step)
			}
		}
		if touched == 0 {
			t.Errorf("%s: nothing ever touched", integrator)
		}
	}
}
