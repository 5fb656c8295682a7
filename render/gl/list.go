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
)

func (l layer) casts() bool { return l == casting || l == covered }

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
	items     []item
	instances []instance
	batches   []batch
	opaque    int          // number of batches that are not translucent
	ghosts    map[int]mean // depth of each ghost group
}

// fill takes the scene in. reach is how far the camera sees, metres; scale is
// the size in pixels of a metre at a metre's depth.
func (l *list) fill(s *render.Scene, view render.Frame, reach float32, scale float64) error {
	l.items = l.items[:0]
	for i := range s.Geoms {
		g := &s.Geoms[i]
		if g.RGBA[3] <= 0 {
			continue
		}
		if err := check(g, s); err != nil {
			return fmt.Errorf("gl: geom %d: %w", i, err)
		}
		l.items = append(l.items, place(i, s, view, scale))
	}
	l.joinGhosts()
	l.findCovered(s, view.Eye)
	slices.SortFunc(l.items, order)
	l.instances, l.batches = l.instances[:0], l.batches[:0]
	for _, it := range l.items {
		l.instances = append(l.instances, newInstance(&s.Geoms[it.geom], s, view.Eye, reach))
		if n := len(l.batches); n > 0 && l.batches[n-1].joins(it) {
			l.batches[n-1].count++
			continue
		}
		l.batches = append(l.batches, batch{item: it, first: len(l.instances) - 1, count: 1})
	}
	l.opaque = 0
	for l.opaque < len(l.batches) && l.batches[l.opaque].layer != translucent {
		l.opaque++
	}
	return nil
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

func place(i int, s *render.Scene, view render.Frame, scale float64) item {
	g := &s.Geoms[i]
	it := item{surface: surfaceOf(g, s), shape: g.Shape, texture: g.Texture, geom: i}
	if g.Shape == render.Meshed {
		it.mesh = g.Mesh
	}
	for k, p := range g.Pos {
		it.depth += (float64(p) - view.Eye[k]) * view.Forward[k]
	}
	it.detail = detailOf(g, scale/max(it.depth, 1e-3))
	switch {
	case g.RGBA[3] < 1 || g.Ghost:
		it.layer = translucent
		it.group = i + 1
		if g.Ghost {
			it.group = -1 - g.GhostLayer
		}
		return it
	case it.surface&unbounded != 0:
		it.layer = endless
	case g.Shape == render.Plane:
		it.layer = receiving
	}
	it.depth = 0 // the order of opaque things does not matter
	return it
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

// order sorts by layer, within the translucent from far to near, and then so
// that batches are long.
func order(a, b item) int {
	return cmp.Or(
		cmp.Compare(a.layer, b.layer),
		cmp.Compare(b.depth, a.depth),
		cmp.Compare(a.group, b.group),
		cmp.Compare(a.surface, b.surface),
		cmp.Compare(a.shape, b.shape),
		cmp.Compare(a.detail, b.detail),
		cmp.Compare(a.texture, b.texture),
		cmp.Compare(a.geom, b.geom),
	)
}

func (b *batch) joins(it item) bool {
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
