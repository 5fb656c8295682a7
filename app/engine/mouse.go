package engine

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// grip is what the mouse holds: a handle, or a point of a body.
type grip struct {
	held   bool
	name   string
	handle *sim.Handle
	pulled bool // the handle is a body, which is pulled while the scene moves
	body   int
	local  [3]float64 // m, in the body's frame
	offset [3]float64 // from the handle's origin to the point that was gripped
	point  [3]float64 // where the gripped point was; the pointer moves in a plane through it
	normal [3]float64
}

// pick selects what is at a point of the view.
func (l *look) pick(a *actor, c Pick) error {
	hit, ok := l.hit(a, c.X, c.Y)
	l.picked = nil
	if ok {
		l.picked = &hit.Object
	}
	return l.refreshPick(a)
}

func (l *look) hit(a *actor, x, y float64) (render.Hit, bool) {
	a.onScreen().inst.Scene(&l.scene)
	return l.scene.Pick(l.at(a), l.aspect(), x, y)
}

// refreshPick updates where the selected thing is.
func (l *look) refreshPick(a *actor) error {
	if l.picked == nil {
		a.draft.Picked = nil
		return nil
	}
	p := &Picked{Quat: [4]float64{1}}
	inst := a.onScreen().inst
	if body, ok := inst.(sim.Perturber); ok && l.picked.Body >= 0 {
		p.Name, p.Pos, p.Quat = body.Body(l.picked.Body)
	}
	if h := handleOf(inst, *l.picked); h != nil {
		p.Name = h.Name
	}
	a.draft.Picked = p
	a.changed = true
	return nil
}

// handleOf finds the handle that an object belongs to.
func handleOf(inst sim.Instance, o render.Object) *sim.Handle {
	for _, h := range inst.Handles() {
		if h.Object == o || h.Object.Body > 0 && h.Object.Body == o.Body {
			return &h
		}
	}
	return nil
}

// dragStart grips what is at a point of the view.
func (l *look) dragStart(a *actor, c DragStart) error {
	l.grip = grip{}
	hit, ok := l.hit(a, c.X, c.Y)
	if !ok {
		return nil
	}
	if a.draft.Phase == Planning {
		a.tell(Info, "The scene is held while a plan is made: stop planning to move things.")
		return nil
	}
	g := grip{held: true, body: hit.Object.Body, point: hit.Point, normal: l.dragPlane()}
	body, pulls := a.stage.inst.(sim.Perturber)
	if h := handleOf(a.stage.inst, hit.Object); h != nil {
		g.handle, g.name, g.pulled = h, h.Name, pulls && h.Object.Kind != render.Site
	}
	if pulls && hit.Object.Body > 0 {
		name, pos, quat := body.Body(hit.Object.Body)
		for i := range pos {
			g.offset[i] = hit.Point[i] - pos[i]
		}
		g.local = unrotate(quat, g.offset)
		if g.name == "" {
			g.name = name
		}
	} else if g.handle == nil {
		return nil // the world itself
	}
	l.grip, l.picked = g, &hit.Object
	if g.pulled && !a.still() {
		a.tell(Info, "Pulling the "+g.name+". Pause the scene (Space) to put it somewhere.")
	}
	return l.refreshPick(a)
}

// still says that time stands still, so that things stay where they are put.
func (a *actor) still() bool { return a.draft.Paused || a.draft.Phase == EpisodeOver }

// dragPlane is the normal of the plane in which the pointer moves things: the
// ground seen from above, else the plane of the view.
func (l *look) dragPlane() [3]float64 {
	forward := l.camera().Frame().Forward
	if forward[2] < -0.5 {
		return [3]float64{0, 0, 1}
	}
	return forward
}

// dragMove brings the gripped point under the pointer.
func (l *look) dragMove(a *actor, c DragMove) error {
	g := &l.grip
	if !g.held || a.draft.Phase == Planning {
		return nil
	}
	camera := l.at(a)
	target, ok := meet(camera.Ray(c.X, c.Y, l.aspect()), g.point, g.normal)
	if !ok {
		return nil
	}
	inst := a.stage.inst
	if a.draft.Phase == Executing && g.handle != nil && !g.pulled {
		return nil // goals stay while a plan is executed
	}
	still := a.still()
	switch placer, places := inst.(sim.Placer); {
	case g.handle != nil && (still || !g.pulled):
		for i := range target {
			target[i] -= g.offset[i]
		}
		if err := g.handle.Move(target); err != nil {
			return err
		}
		a.disturb()
	case still && places:
		if err := placer.Place(g.body, g.local, target); err != nil {
			return err
		}
		a.disturb()
	case !still:
		inst.(sim.Perturber).Perturb(g.body, g.local, target)
		if a.draft.Phase == PlanReady {
			a.outdate() // the scene goes on
		}
	}
	return l.refreshPick(a)
}

// disturb follows up a scene that was changed by hand: the plan no longer fits,
// and the belief begins anew.
func (a *actor) disturb() {
	if a.draft.Phase == Executing {
		a.halt()
	}
	a.moved()
	a.stage.moved, a.stage.fallen = true, false
	a.try("", a.see())
}

// dragEnd lets go.
func (l *look) dragEnd(a *actor) error {
	if !l.grip.held {
		return nil
	}
	if p, ok := a.stage.inst.(sim.Perturber); ok {
		p.Release()
	}
	l.grip = grip{}
	return l.refreshPick(a)
}

// meet is where a ray meets a plane, if in front of the eye.
func meet(r render.Ray, point, normal [3]float64) ([3]float64, bool) {
	var toward, away float64
	for i := range point {
		toward += r.Dir[i] * normal[i]
		away += (point[i] - r.Origin[i]) * normal[i]
	}
	if toward*toward < 1e-12 || away/toward <= 0 {
		return point, false
	}
	return r.At(away / toward), true
}

// unrotate turns v by the inverse of the unit quaternion q (w, x, y, z):
// v + 2w(v×u) + 2(v×u)×u with u the vector part.
func unrotate(q [4]float64, v [3]float64) [3]float64 {
	u := [3]float64{q[1], q[2], q[3]}
	t := cross(v, u)
	s := cross(t, u)
	for i := range v {
		v[i] += 2*q[0]*t[i] + 2*s[i]
	}
	return v
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
