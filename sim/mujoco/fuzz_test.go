package mujoco

import (
	"errors"
	"testing"
)

// FuzzLoad feeds the compiler damaged models. Whatever it says must arrive as a
// *LoadError, and a model that loads must step or say why not.
func FuzzLoad(f *testing.F) {
	for _, seed := range []string{cartpole, gallery, arm, "", "<mujoco/>", "<mujoco><worldbody/></mujoco>"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, xml []byte) {
		m, err := Load("fuzz", xml)
		if err != nil {
			var bad *LoadError
			if !errors.As(err, &bad) {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		defer m.Close()
		d, err := m.NewData()
		if err != nil {
			return
		}
		defer d.Close()
		if err := d.Step(3); err == nil {
			if err := errors.Join(Finite("qpos", d.QPos), Finite("qvel", d.QVel)); err != nil {
				t.Fatal(err)
			}
		}
	})
}
