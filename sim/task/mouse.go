package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Perturb ties the mouse's spring. The world cannot be pulled; goals, which have
// no dynamics, move as their handles allow. Other failures are the next Step's.
func (in *instance) Perturb(body int, local, target [3]float64) {
	if body == 0 {
		return
	}
	in.see()
	ok, err := in.moveGoal(body, local, target)
	if !ok {
		err = in.world.Pull(body, local, target)
	}
	if err != nil && in.broken == nil {
		in.broken = err
	}
}

func (in *instance) Release() { in.world.Release() }

func (in *instance) Place(body int, local, target [3]float64) error {
	if err := in.catchUp(); err != nil {
		return err
	}
	if ok, err := in.moveGoal(body, local, target); ok {
		return err
	}
	if err := in.world.Place(body, local, target); err != nil {
		return err
	}
	in.moved = true
	if in.rules.displaced != nil {
		in.rules.displaced(&in.world)
	}
	return nil
}

// moveGoal moves a mocap body that has a handle by that handle, which knows the
// limits. Such bodies are not turned, so local is an offset in the world too.
func (in *instance) moveGoal(body int, local, target [3]float64) (ok bool, err error) {
	if body < 0 || body >= in.world.model.NBody || in.world.model.BodyMocap[body] < 0 {
		return false, nil
	}
	for _, h := range in.handles {
		if h.Object.Body == body {
			for i := range target {
				target[i] -= local[i]
			}
			return true, h.Move(target)
		}
	}
	return false, nil
}

func (in *instance) Body(body int) (name string, pos [3]float64, quat [4]float64) {
	if body < 0 || body >= len(in.world.BodyPos) {
		return "", pos, [4]float64{1}
	}
	in.see()
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
		ghost, err := in.seen().NewData()
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
