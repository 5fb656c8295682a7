package task

import (
	"fmt"

	"github.com/latco-studio/latco/resources"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// eye is what is seen of a scene whose physics has a model of its own. It has poses of
// its own too, and so looking never touches the physics.
type eye struct {
	model *mujoco.Model
	data  *mujoco.Data
}

// openApart is open for a scene full of decoration, every piece of which would slow
// every physics step: what is only seen is left to the eye. bind gets the model of the
// physics, which has no geoms but those that touch; its bodies, joints and sites are
// numbered like the eye's.
func openApart(facts sim.Task, file string, bind func(m *mujoco.Model) (rules, error)) (*instance, error) {
	e, err := openEye("mjcf/" + file)
	if err != nil {
		return nil, fmt.Errorf("opening the scene: %w", err)
	}
	physics, err := mujoco.LoadPhysics(resources.MJCF, "mjcf/"+file)
	if err != nil {
		e.Close()
		return nil, fmt.Errorf("opening the physics: %w", err)
	}
	return assembleSeen(facts, physics, e, bind)
}

func openEye(name string) (*eye, error) {
	model, err := mujoco.LoadFS(resources.MJCF, name)
	if err != nil {
		return nil, err
	}
	data, err := model.NewData()
	if err != nil {
		model.Close()
		return nil, err
	}
	return &eye{model, data}, nil
}

// Close frees the eye. There may be none.
func (e *eye) Close() {
	if e != nil {
		e.data.Close()
		e.model.Close()
	}
}

// seen is the model that is drawn.
func (in *instance) seen() *mujoco.Model {
	if in.eye != nil {
		return in.eye.model
	}
	return in.world.model
}

// look returns poses to draw.
func (in *instance) look() (*mujoco.Data, error) {
	if in.eye == nil {
		return in.world.Data, nil
	}
	d := in.eye.data
	copy(d.QPos, in.world.QPos)
	copy(d.MocapPos, in.world.MocapPos)
	copy(d.MocapQuat, in.world.MocapQuat)
	return d, d.Kinematics()
}
