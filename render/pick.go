package render

import "math"

// Hit is what a ray met first.
type Hit struct {
	Geom     int // index in Scene.Geoms
	Object   Object
	Point    [3]float64 // metres, world coordinates
	Distance float64    // metres from the ray's origin
}

// Pick returns the nearest body geom or site seen at x, y, fractions of the
// view's width and height from the top left corner. aspect is width over
// height. Ghosts, decoration and what is fully transparent are looked through.
func (s *Scene) Pick(c Camera, aspect, x, y float64) (Hit, bool) {
	return s.Cast(c.Ray(x, y, aspect))
}

// Cast returns the nearest body geom or site that the ray meets, as Pick does.
func (s *Scene) Cast(r Ray) (Hit, bool) {
	best := Hit{Geom: -1, Distance: math.Inf(1)}
	for i := range s.Geoms {
		g := &s.Geoms[i]
		if g.Ghost || g.Object.Kind == Decoration || g.RGBA[3] <= 0 {
			continue
		}
		if t, ok := g.Intersect(r); ok && t < best.Distance {
			best = Hit{Geom: i, Object: g.Object, Distance: t}
		}
	}
	if best.Geom < 0 {
		return Hit{}, false
	}
	best.Point = r.At(best.Distance)
	return best, true
}
