package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// tool is what lies about and is taken by the fingers: a body with a free joint.
type tool struct {
	qpos, dof int
	lying     float64       // m: height of its middle when it lies on the table
	object    render.Object // by which a mouse takes it
}

// findTool looks up a joint and a site at the middle of the body, which share a name.
func findTool(m *mujoco.Model, name string, lying float64) (t tool, err error) {
	joint, err := m.Joint(name)
	if err != nil {
		return t, err
	}
	if t.object, err = siteObject(m, name); err != nil {
		return t, err
	}
	t.qpos, t.dof, t.lying = m.JointQPos[joint], m.JointDof[joint], lying
	return t, nil
}

// lay puts the tool down with its middle at p, at rest and unturned.
func (t tool) lay(w *world, p [3]float64) {
	copy(w.QPos[t.qpos:], p[:])
	copy(w.QPos[t.qpos+3:t.qpos+7], []float64{1, 0, 0, 0})
	clear(w.QVel[t.dof : t.dof+6])
}

// middle is where the tool is, m.
func (t tool) middle(w *world) [3]float64 { return w.BodyPos[t.object.Body] }

// handle lets a mouse move the tool over the table and above it, at rest.
func (t tool) handle(w *world, name string) sim.Handle {
	room := handBox{{-0.6, 0.25, t.lying}, {0.6, 0.95, 0.5}}
	return sim.Handle{Name: name, Object: t.object, Move: func(pos [3]float64) error {
		if err := sim.CheckFinite("position of the "+name, pos[:]); err != nil {
			return err
		}
		pos = room.nearest(pos)
		copy(w.QPos[t.qpos:], pos[:])
		clear(w.QVel[t.dof : t.dof+6])
		return w.Kinematics()
	}}
}
