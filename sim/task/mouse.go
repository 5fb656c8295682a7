package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Perturb ties the mouse's spring. What cannot be pulled is reported by the next
// Step.
func (in *instance) Perturb(body int, local, target [3]float64) {
	if err := in.world.Pull(body, local, target); err != nil && in.broken == nil {
		in.broken = err
	}
}

func (in *instance) Release() { in.world.Release() }

func (in *instance) Place(body int, local, target [3]float64) error {
	return in.world.Place(body, local, target)
}

func (in *instance) Body(body int) (name string, pos [3]float64, quat [4]float64) {
	if body < 0 || body >= in.world.model.NBody {
		return "", pos, [4]float64{1}
	}
	return in.world.model.BodyName(body), in.world.BodyPos[body], in.world.BodyQuat[body]
}

func (in *instance) AddGhost(dst *render.Scene, qpos []float64, rgba [4]float32) error {
	if len(qpos) != in.world.model.NQ {
		return &sim.LengthError{What: "qpos of a ghost", Got: len(qpos), Want: in.world.model.NQ}
	}
	if err := sim.CheckFinite("qpos of a ghost", qpos); err != nil {
		return err
	}
	if in.ghost == nil {
		ghost, err := in.world.model.NewData()
		if err != nil {
			return err
		}
		in.ghost = ghost
	}
	copy(in.ghost.QPos, qpos)
	if err := in.ghost.Kinematics(); err != nil {
		return err
	}
	return in.world.scene.AddGhost(in.ghost, dst, rgba)
}
