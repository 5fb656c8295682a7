package render

import "math"

// The head of an Arrow, in units of its radius.
const (
	ArrowHeadRadius = 2.0
	ArrowHeadLength = 5.0
)

// ArrowRadius returns the radius an Arrow is drawn with: its own, or less when
// it is too short for its head.
func (g *Geom) ArrowRadius() float32 {
	return min(g.Size[0], g.Size[2]/(1.2*ArrowHeadLength))
}

// Intersect returns the distance to the first point where the ray enters the
// geom. As in the picture, only surfaces that face the ray's origin count: a
// Plane is met from above, and nothing from inside.
func (g *Geom) Intersect(r Ray) (t float64, ok bool) {
	x, y, z := float64(g.Size[0]), float64(g.Size[1]), float64(g.Size[2])
	e := entry{Ray: g.local(r), t: math.Inf(1)}
	switch g.Shape {
	case Plane:
		e.plane(x, y)
	case Sphere:
		e.ellipsoid(0, vec{x, x, x})
	case Ellipsoid:
		e.ellipsoid(0, vec{x, y, z})
	case Capsule:
		e.side(-z, z, x, x)
		e.ellipsoid(-z, vec{x, x, x})
		e.ellipsoid(z, vec{x, x, x})
	case Cylinder:
		e.side(-z, z, x, x)
		e.disc(-z, x, -1)
		e.disc(z, x, 1)
	case Box:
		e.box(vec{x, y, z})
	case Arrow:
		radius := float64(g.ArrowRadius())
		neck := z - ArrowHeadLength*radius
		e.disc(0, radius, -1)
		e.side(0, neck, radius, radius)
		e.disc(neck, ArrowHeadRadius*radius, -1)
		e.side(neck, z, ArrowHeadRadius*radius, 0)
	case Meshed:
		e.mesh(g.Mesh)
	}
	return e.t, !math.IsInf(e.t, 1)
}

// local expresses the ray in the geom's frame; lengths are kept.
func (g *Geom) local(r Ray) Ray {
	turn := func(v vec) (out vec) {
		for col := range out {
			out[col] = float64(g.Mat[col])*v[0] + float64(g.Mat[3+col])*v[1] + float64(g.Mat[6+col])*v[2]
		}
		return out
	}
	return Ray{Origin: turn(sub(r.Origin, wide(g.Pos))), Dir: turn(r.Dir)}
}

// entry collects the nearest point where a ray enters any of several surfaces.
type entry struct {
	Ray
	t float64
}

// keep records an intersection ahead of the origin.
func (e *entry) keep(t float64) {
	if t >= 0 && t < e.t {
		e.t = t
	}
}

// plane is the upper side of the rectangle of half sizes hx, hy at z = 0; zero
// means unbounded.
func (e *entry) plane(hx, hy float64) {
	if e.Dir[2] >= 0 {
		return
	}
	t := -e.Origin[2] / e.Dir[2]
	p := e.At(t)
	if (hx <= 0 || math.Abs(p[0]) <= hx) && (hy <= 0 || math.Abs(p[1]) <= hy) {
		e.keep(t)
	}
}

// disc is one side of a disc about the z axis, facing the sign of facing.
func (e *entry) disc(z, radius, facing float64) {
	if e.Dir[2]*facing >= 0 {
		return
	}
	t := (z - e.Origin[2]) / e.Dir[2]
	if p := e.At(t); math.Hypot(p[0], p[1]) <= radius {
		e.keep(t)
	}
}

// ellipsoid has the given half axes about (0, 0, z).
func (e *entry) ellipsoid(z float64, axes vec) {
	o, d := e.Origin, e.Dir
	o[2] -= z
	for i := range o {
		o[i] /= axes[i]
		d[i] /= axes[i]
	}
	if t, ok := firstRoot(dot(d, d), dot(o, d), dot(o, o)-1); ok {
		e.keep(t)
	}
}

// side is the lateral surface of a cone frustum about the z axis, of radius r0
// at z0 and r1 at z1.
func (e *entry) side(z0, z1, r0, r1 float64) {
	if z1 <= z0 {
		return
	}
	o, d := e.Origin, e.Dir
	k := (r1 - r0) / (z1 - z0)
	r, dr := r0+k*(o[2]-z0), k*d[2]
	a := d[0]*d[0] + d[1]*d[1] - dr*dr
	b := o[0]*d[0] + o[1]*d[1] - r*dr
	c := o[0]*o[0] + o[1]*o[1] - r*r
	for _, t := range roots(a, b, c) {
		p := e.At(t)
		outward := p[0]*d[0] + p[1]*d[1] - (r+t*dr)*dr
		if p[2] >= z0 && p[2] <= z1 && outward <= 0 {
			e.keep(t)
		}
	}
}

// box has the given half sizes.
func (e *entry) box(half vec) {
	in, out := math.Inf(-1), math.Inf(1)
	for i, h := range half {
		if e.Dir[i] == 0 {
			if math.Abs(e.Origin[i]) > h {
				return
			}
			continue
		}
		a, b := (-h-e.Origin[i])/e.Dir[i], (h-e.Origin[i])/e.Dir[i]
		in, out = max(in, min(a, b)), min(out, max(a, b))
	}
	if in <= out {
		e.keep(in)
	}
}

// firstRoot returns the smaller solution of a·t² + 2b·t + c = 0 for a > 0.
func firstRoot(a, b, c float64) (float64, bool) {
	disc := b*b - a*c
	if a <= 0 || disc < 0 {
		return 0, false
	}
	return (-b - math.Sqrt(disc)) / a, true
}

// roots returns the solutions of a·t² + 2b·t + c = 0, NaN where there is none.
func roots(a, b, c float64) [2]float64 {
	if a == 0 {
		return [2]float64{-c / (2 * b), math.NaN()}
	}
	s := math.Sqrt(b*b - a*c)
	return [2]float64{(-b - s) / a, (-b + s) / a}
}
