package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// handles are the goal, where it is free to move, and what the task adds.
func (s *sawyer) handles(w *world) []sim.Handle {
	var hs []sim.Handle
	if s.goal >= 0 {
		hs = append(hs, sim.Handle{Name: "goal", Object: s.mark, Move: func(pos [3]float64) error {
			if err := sim.CheckFinite("position of the goal", pos[:]); err != nil {
				return err
			}
			w.MocapPos[s.goal] = s.job.goals.nearest(pos)
			return w.Kinematics()
		}})
	}
	if s.job.handles != nil {
		hs = append(hs, s.job.handles(w)...)
	}
	return hs
}

// siteObject is a site as a mouse meets it.
func siteObject(m *mujoco.Model, name string) (render.Object, error) {
	site, err := m.Site(name)
	if err != nil {
		return render.Object{}, err
	}
	return render.Object{Kind: render.Site, Body: m.SiteBody(site), ID: site}, nil
}

// sliding is an object on one slide.
type sliding struct {
	qpos, dof int
	low, high float64       // m
	object    render.Object // by which a mouse takes it
}

// findSliding looks up a slide and a site of what is on it.
func findSliding(m *mujoco.Model, joint, site string) (s sliding, err error) {
	j, err := m.Joint(joint)
	if err != nil {
		return s, err
	}
	if s.object, err = siteObject(m, site); err != nil {
		return s, err
	}
	s.qpos, s.dof = m.JointQPos[j], m.JointDof[j]
	s.low, s.high = m.JointRange[j][0], m.JointRange[j][1]
	return s, nil
}

// put sets the slide, at rest.
func (s sliding) put(w *world, at float64) {
	w.QPos[s.qpos], w.QVel[s.dof] = min(max(at, s.low), s.high), 0
}

// handle drags what is on the slide; at reads the slide off a position in the world.
func (s sliding) handle(w *world, name string, at func(pos [3]float64) float64) sim.Handle {
	return sim.Handle{Name: name, Object: s.object, Move: func(pos [3]float64) error {
		if err := sim.CheckFinite("position of the "+name, pos[:]); err != nil {
			return err
		}
		s.put(w, at(pos))
		return w.Kinematics()
	}}
}
