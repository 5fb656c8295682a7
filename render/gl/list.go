package gl

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/latco-studio/latco/render"
)

// layer orders the picture.
type layer uint8

const (
	casting     layer = iota // opaque, casts shadow
	receiving                // opaque planes, mostly hidden by what is on them
	covered                  // casts shadow, hidden by a plane on top
	endless                  // infinite planes
	translucent              // from far to near
	unseen                   // outside the picture, casts shadow into it
)

func (l layer) casts() bool { return l == casting || l == covered || l == unseen }

// lens is what decides how things appear.
type lens struct {
	render.Frame
	slope [2]float64 // half the picture's width and height at a metre's depth, m
	near  float64    // what is nearer is not seen, m
	reach float32    // how far it sees, m
	scale float64    // size of a metre at a metre's depth, pixels
	look  float64    // distance of what it looks at, m
}

// sees says whether some of a ball about p may be in the picture.
func (l *lens) sees(p [3]float32, radius float64) bool {
	var from [3]float64
	for k := range p {
		from[k] = float64(p[k]) - l.Eye[k]
	}
	depth := along(l.Forward, from)
	for i, axis := range [2][3]float64{l.Right, l.Up} {
		// The sides of the picture are planes through the eye.
		if math.Abs(along(axis, from))-l.slope[i]*depth > radius*math.Hypot(1, l.slope[i]) {
			return false
		}
	}
	return depth > -radius
}

// item is a geom that will be drawn, with what decides its place in the order.
type item struct {
	layer   layer
	group   int     // translucent things of one group show one surface
	depth   float64 // of the group, along the view
	surface surface
	shape   render.Shape
	detail  detail
	texture int
	mesh    *render.Mesh
	geom    int
}

// batch is a run of instances that one call draws.
type batch struct {
	item         // of the first
	first, count int
}

// list is a scene in the order in which it is drawn. Its slices are reused.
type list struct {
	items     []item // after arrange those in the picture
	casters   []item // of the shadow map
	instances []instance
	batches   []batch
	shadows   []batch      // of the shadow map
	opaque    int          // number of batches that come before the translucent ones
	ghosts    map[int]mean // depth of each ghost group
}

// take takes in what is in the picture or may cast a shadow.
func (l *list) take(s *render.Scene, view *lens) error {
	l.items, l.casters = l.items[:0], l.casters[:0]
	for i := range s.Geoms {
		g := &s.Geoms[i]
		if g.RGBA[3] <= 0 {
			continue
		}
		if err := check(g, s); err != nil {
			return fmt.Errorf("gl: geom %d: %w", i, err)
		}
		if it, ok := place(i, s, view); ok {
			l.items = append(l.items, it)
		}
	}
	l.joinGhosts()
	l.findCovered(s, view.Eye)
	return nil
}

// arrange orders what was taken in, and the casters.
func (l *list) arrange(s *render.Scene, view *lens) {
	l.items = slices.DeleteFunc(l.items, func(it item) bool { return it.layer == unseen })
	slices.SortFunc(l.items, order)
	slices.SortFunc(l.casters, castOrder)
	l.instances = l.instances[:0]
	l.batches = l.batch(l.batches[:0], l.items, s, view)
	l.shadows = l.batch(l.shadows[:0], l.casters, s, view)
	l.opaque = 0
	for l.opaque < len(l.batches) && l.batches[l.opaque].layer < translucent {
		l.opaque++
	}
}

// batch appends the instances of items, and runs of them to the batches.
func (l *list) batch(batches []batch, items []item, s *render.Scene, view *lens) []batch {
	for i := range items {
		it := &items[i]
		l.instances = append(l.instances, newInstance(&s.Geoms[it.geom], s, view))
		if n := len(batches); n > 0 && batches[n-1].joins(it) {
			batches[n-1].count++
			continue
		}
		batches = append(batches, batch{item: *it, first: len(l.instances) - 1, count: 1})
	}
	return batches
}

func check(g *render.Geom, s *render.Scene) error {
	if g.Shape > render.Meshed {
		return fmt.Errorf("unknown shape %d", g.Shape)
	}
	if g.Shape == render.Meshed && g.Mesh == nil {
		return errors.New("no mesh")
	}
	if g.Texture < 0 || g.Texture > len(s.Textures) {
		return fmt.Errorf("texture %d of %d", g.Texture, len(s.Textures))
	}
	sum := g.Pos[0] + g.Pos[1] + g.Pos[2] + g.Size[0] + g.Size[1] + g.Size[2]
	for _, v := range g.Mat {
		sum += v
	}
	if f := float64(sum); math.IsNaN(f) || math.IsInf(f, 0) {
		return fmt.Errorf("not finite: position %v, size %v", g.Pos, g.Size)
	}
	return nil
}

// place is false for what neither is in the picture nor casts shadow into it.
func place(i int, s *render.Scene, view *lens) (item, bool) {
	g := &s.Geoms[i]
	it := item{surface: surfaceOf(g, s), shape: g.Shape, texture: g.Texture, geom: i}
	if g.Shape == render.Meshed {
		it.mesh = g.Mesh
	}
	for k, p := range g.Pos {
		it.depth += (float64(p) - view.Eye[k]) * view.Forward[k]
	}
	it.detail = detailOf(g, view.scale/max(it.depth, 1e-3))
	seen := g.Shape == render.Plane || view.sees(g.Pos, radius(g))
	switch {
	case g.RGBA[3] < 1 || g.Ghost:
		it.layer = translucent
		it.group = i + 1
		if g.Ghost {
			it.group = -1 - g.GhostLayer
		}
		return it, seen
	case !seen:
		it.layer = unseen
		it.detail = detailOf(g, view.scale/view.look) // its shadow is about there
	case it.surface&unbounded != 0:
		it.layer = endless
	case g.Shape == render.Plane:
		it.layer = receiving
	}
	return it, true
}

// radius is of a ball around a geom.
func radius(g *render.Geom) float64 {
	half := halfSizes(g)
	return math.Hypot(float64(half[0]), math.Hypot(float64(half[1]), float64(half[2])))
}

// joinGhosts gives all geoms of a ghost layer the mean depth of the layer, so
// that they stay together in the order.
func (l *list) joinGhosts() {
	clear(l.ghosts)
	for _, it := range l.items {
		if it.group < 0 {
			m := l.ghosts[it.group]
			l.ghosts[it.group] = mean{m.sum + it.depth, m.n + 1}
		}
	}
	for i := range l.items {
		if it := &l.items[i]; it.group < 0 {
			m := l.ghosts[it.group]
			it.depth = m.sum / m.n
		}
	}
}

type mean struct{ sum, n float64 }

// order sorts by layer, within the translucent from far to near, and then so that
// batches are long, within which what is near comes first: it hides the rest.
func order(a, b item) int {
	if a.layer == translucent && b.layer == translucent {
		if c := cmp.Or(cmp.Compare(b.depth, a.depth), cmp.Compare(a.group, b.group)); c != 0 {
			return c
		}
	}
	return cmp.Or(
		cmp.Compare(a.layer, b.layer),
		cmp.Compare(a.surface, b.surface),
		cmp.Compare(a.shape, b.shape),
		cmp.Compare(a.detail, b.detail),
		cmp.Compare(a.texture, b.texture),
		cmp.Compare(a.depth, b.depth),
		cmp.Compare(a.geom, b.geom),
	)
}

func (b *batch) joins(it *item) bool {
	return b.layer == it.layer && b.group == it.group && b.surface == it.surface &&
		b.shape == it.shape && b.detail == it.detail && b.texture == it.texture && b.mesh == it.mesh
}

// findCovered moves what lies below a finite plane, such as the slab under a
// table top, behind it in the order, so that what is not seen is not shaded.
func (l *list) findCovered(s *render.Scene, eye [3]float64) {
	for i := range l.items {
		if l.items[i].layer != receiving {
			continue
		}
		plane := &s.Geoms[l.items[i].geom]
		if above(plane, eye) <= 0 {
			continue
		}
		for k := range l.items {
			if it := &l.items[k]; it.layer == casting && above(plane, wide(s.Geoms[it.geom].Pos)) < 0 {
				it.layer = covered
			}
		}
	}
}

// above is the height of a point over a plane, metres.
func above(plane *render.Geom, p [3]float64) (height float64) {
	for i := range p {
		height += float64(plane.Mat[3*i+2]) * (p[i] - float64(plane.Pos[i]))
	}
	return height
}

func wide(v [3]float32) [3]float64 { return [3]float64{float64(v[0]), float64(v[1]), float64(v[2])} }
