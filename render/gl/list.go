package gl

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/latco-studio/latco/render"
)

// layer orders the picture.
type layer uint8

const (
	casting     layer = iota // opaque, casts shadow
	receiving                // opaque planes
	translucent              // from far to near
)

// item is a geom that will be drawn, with what decides its place in the order.
type item struct {
	layer   layer
	group   int     // translucent things of one group show one surface
	depth   float64 // of the group, along the view
	surface surface
	shape   render.Shape
	detail  detail
	texture int
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
	layers    [translucent + 2]int // layers[l] is the first batch of layer l
	ghosts    map[int]mean         // depth of each ghost group
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
		l.items = append(l.items, place(i, g, view, scale))
	}
	l.joinGhosts()
	slices.SortFunc(l.items, order)
	l.instances, l.batches = l.instances[:0], l.batches[:0]
	for _, it := range l.items {
		l.instances = append(l.instances, newInstance(&s.Geoms[it.geom], view.Eye, reach))
		if n := len(l.batches); n > 0 && l.batches[n-1].joins(it) {
			l.batches[n-1].count++
			continue
		}
		l.batches = append(l.batches, batch{item: it, first: len(l.instances) - 1, count: 1})
	}
	l.index()
	return nil
}

func check(g *render.Geom, s *render.Scene) error {
	if g.Shape > render.Arrow {
		return fmt.Errorf("unknown shape %d", g.Shape)
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

func place(i int, g *render.Geom, view render.Frame, scale float64) item {
	it := item{surface: surfaceOf(g), shape: g.Shape, texture: g.Texture, geom: i}
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
		b.shape == it.shape && b.detail == it.detail && b.texture == it.texture
}

// index finds where the layers begin.
func (l *list) index() {
	n := 0
	for k := range l.layers {
		for n < len(l.batches) && int(l.batches[n].layer) < k {
			n++
		}
		l.layers[k] = n
	}
}

// layer returns the batches of layer k.
func (l *list) layer(k layer) []batch { return l.batches[l.layers[k]:l.layers[k+1]] }

// casters returns the items that cast shadow.
func (l *list) casters() []item {
	n := 0
	for n < len(l.items) && l.items[n].layer == casting {
		n++
	}
	return l.items[:n]
}
