package render

import (
	"fmt"
	"math"
	"math/rand"
	"testing"
)

var upright = [9]float32{1, 0, 0, 0, 1, 0, 0, 0, 1}

func TestIntersectClosedForms(t *testing.T) {
	down := func(x, y float64) Ray { return Ray{vec{x, y, 10}, vec{0, 0, -1}} }
	side := func(y, z float64) Ray { return Ray{vec{-10, y, z}, vec{1, 0, 0}} }
	miss := math.Inf(1)
	for _, test := range []struct {
		shape Shape
		size  [3]float32
		ray   Ray
		want  float64
	}{
		{Plane, [3]float32{}, down(1e3, -1e3), 10},
		{Plane, [3]float32{1, 2, 0}, down(0.9, 1.9), 10},
		{Plane, [3]float32{1, 2, 0}, down(1.1, 0), miss},
		{Plane, [3]float32{1, 0, 0}, down(0, 500), 10},
		{Plane, [3]float32{}, Ray{vec{0, 0, -1}, vec{0, 0, 1}}, miss}, // from below
		{Plane, [3]float32{}, side(0, 1), miss},                       // parallel
		{Sphere, [3]float32{2}, down(0, 0), 8},
		{Sphere, [3]float32{2}, down(1.2, 0), 10 - 1.6},
		{Sphere, [3]float32{2}, down(2.1, 0), miss},
		{Sphere, [3]float32{2}, Ray{vec{0, 0, 10}, vec{0, 0, 1}}, miss}, // behind
		{Sphere, [3]float32{2}, Ray{vec{}, vec{0, 0, 1}}, miss},         // from inside
		{Ellipsoid, [3]float32{1, 2, 3}, down(0, 0), 7},
		{Ellipsoid, [3]float32{1, 2, 3}, side(0, 0), 9},
		{Ellipsoid, [3]float32{1, 2, 3}, down(0, 1.2), 10 - 3*0.8},
		{Capsule, [3]float32{0.5, 0, 2}, down(0, 0), 7.5},
		{Capsule, [3]float32{0.5, 0, 2}, side(0, 1.9), 9.5},
		{Capsule, [3]float32{0.5, 0, 2}, side(0.3, -1), 9.6},
		{Capsule, [3]float32{0.5, 0, 2}, side(0, 2.3), 9.6},
		{Capsule, [3]float32{0.5, 0, 2}, side(0, 2.51), miss},
		{Cylinder, [3]float32{0.5, 0, 2}, down(0.3, 0.3), 8},
		{Cylinder, [3]float32{0.5, 0, 2}, down(0.4, 0.4), miss},
		{Cylinder, [3]float32{0.5, 0, 2}, side(0.3, 1.99), 9.6},
		{Cylinder, [3]float32{0.5, 0, 2}, side(0, 2.01), miss},
		{Cylinder, [3]float32{0.5, 0, 2}, Ray{vec{0, 0, -10}, vec{0, 0, 1}}, 8},
		{Box, [3]float32{1, 2, 3}, down(0.9, -1.9), 7},
		{Box, [3]float32{1, 2, 3}, side(1.9, 2.9), 9},
		{Box, [3]float32{1, 2, 3}, side(2.1, 0), miss},
		{Arrow, [3]float32{0.1, 0, 2}, side(0, 1), 9.9},                          // shaft
		{Arrow, [3]float32{0.1, 0, 2}, side(0, 1.75), 9.9},                       // half way up the head
		{Arrow, [3]float32{0.1, 0, 2}, down(0, 0), 8},                            // tip
		{Arrow, [3]float32{0.1, 0, 2}, down(0.1, 0), 8.25},                       // flank of the head
		{Arrow, [3]float32{0.1, 0, 2}, side(0, 2.01), miss},                      // beyond
		{Arrow, [3]float32{0.1, 0, 2}, side(0, -0.01), miss},                     // before
		{Arrow, [3]float32{0.1, 0, 2}, Ray{vec{0.15, 0, -1}, vec{0, 0, 1}}, 2.5}, // under the head
	} {
		g := Geom{Shape: test.shape, Size: test.size, Mat: upright}
		got, ok := g.Intersect(test.ray)
		if ok != !math.IsInf(test.want, 1) || ok && !near(got, test.want, 1e-6) {
			t.Errorf("shape %d, size %v, ray %v: %g, %v; want %g", test.shape, test.size, test.ray, got, ok, test.want)
		}
	}
}

// signed is a distance to the shape's surface, or something with its sign:
// negative inside. Written apart from Intersect on purpose.
func signed(g *Geom, p vec) float64 {
	x, y, z := float64(g.Size[0]), float64(g.Size[1]), float64(g.Size[2])
	radial := math.Hypot(p[0], p[1])
	switch g.Shape {
	case Sphere:
		return norm(p) - x
	case Ellipsoid:
		return norm(vec{p[0] / x, p[1] / y, p[2] / z}) - 1
	case Capsule:
		return norm(vec{p[0], p[1], max(math.Abs(p[2])-z, 0)}) - x
	case Cylinder:
		return max(radial-x, math.Abs(p[2])-z)
	case Box:
		return max(math.Abs(p[0])-x, math.Abs(p[1])-y, math.Abs(p[2])-z)
	case Arrow:
		head := (z - p[2]) * ArrowHeadRadius / ArrowHeadLength // radius of the cone here
		shaft := max(radial-x, -p[2], p[2]-(z-ArrowHeadLength*x))
		return min(shaft, max(radial-head, z-ArrowHeadLength*x-p[2]))
	}
	panic("no inside")
}

// A ray from outside must stop on the surface, with nothing solid before; a
// miss must have nothing solid all along.
func TestIntersectStopsAtSurface(t *testing.T) {
	r := rand.New(rand.NewSource(5))
	for shape := Sphere; shape <= Arrow; shape++ {
		t.Run(fmt.Sprint(shape), func(t *testing.T) {
			hits := 0
			for range 2000 {
				g, ray := randomGeom(r, shape), randomRay(r)
				end, ok := g.Intersect(ray)
				local := g.local(ray)
				if ok {
					hits++
					if d := signed(&g, local.At(end)); !near(d, 0, 1e-5) {
						t.Fatalf("%+v: %g off the surface", g, d)
					}
				} else {
					end = 20
				}
				for s := 0.0; s < 1; s += 0.01 {
					if d := signed(&g, local.At(s*(end-1e-3))); d < -1e-5 {
						t.Fatalf("%+v, ray %v: inside by %g before the hit at %g (%v)", g, ray, d, end, ok)
					}
				}
			}
			if hits < 100 {
				t.Errorf("only %d rays hit: the test tests little", hits)
			}
		})
	}
}

func randomGeom(r *rand.Rand, shape Shape) Geom {
	g := Geom{Shape: shape, Mat: randomRotation(r), Object: Object{Kind: BodyGeom}, RGBA: [4]float32{3: 1}}
	for i := range g.Size {
		g.Size[i] = 0.3 + 0.7*r.Float32()
		g.Pos[i] = float32(0.5 * r.NormFloat64())
	}
	if shape == Arrow {
		g.Size[0], g.Size[2] = 0.1+0.1*r.Float32(), 2
	}
	return g
}

func randomRotation(r *rand.Rand) (m [9]float32) {
	f := randomCamera(r).Frame()
	for i := range 3 {
		m[3*i], m[3*i+1], m[3*i+2] = float32(f.Right[i]), float32(f.Up[i]), float32(-f.Forward[i])
	}
	return m
}

// randomRay starts well outside of random geoms and aims about the origin.
func randomRay(r *rand.Rand) Ray {
	from := scale(unit(vec{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}), 8)
	to := vec{0.7 * r.NormFloat64(), 0.7 * r.NormFloat64(), 0.7 * r.NormFloat64()}
	return Ray{from, unit(sub(to, from))}
}

// Pointing at where a geom's middle appears picks it.
func TestPickWhatProjects(t *testing.T) {
	r := rand.New(rand.NewSource(6))
	for shape := Sphere; shape <= Box; shape++ {
		for range 100 {
			g := randomGeom(r, shape)
			g.Object.ID = 7
			s := Scene{Geoms: []Geom{{Shape: Sphere, Mat: upright, RGBA: g.RGBA, Size: [3]float32{9, 9, 9}}, g}}
			c, aspect := randomCamera(r), 1.4
			c.LookAt, c.Distance = wide(g.Pos), 6
			c.Pan(0.3*r.NormFloat64(), 0.3*r.NormFloat64())
			x, y, depth, ok := c.Project(wide(g.Pos), aspect)
			if !ok {
				continue
			}
			hit, ok := s.Pick(c, aspect, x, y)
			if !ok || hit.Geom != 1 || hit.Object != g.Object {
				t.Fatalf("%+v: hit %+v, %v", g, hit, ok)
			}
			hx, hy, near1, _ := c.Project(hit.Point, aspect)
			if !near(hx, x, 1e-6) || !near(hy, y, 1e-6) || near1 >= depth {
				t.Fatalf("point %v appears at (%g, %g), depth %g; picked at (%g, %g), middle at %g", hit.Point, hx, hy, near1, x, y, depth)
			}
		}
	}
}

func TestPickPrefersNearestAndSkipsGhosts(t *testing.T) {
	ball := func(z float32, kind ObjectKind) Geom {
		return Geom{Shape: Sphere, Size: [3]float32{0.1}, Pos: [3]float32{0, 0, z}, Mat: upright, Object: Object{Kind: kind}, RGBA: [4]float32{3: 1}}
	}
	ghost, clear := ball(4, BodyGeom), ball(5, BodyGeom)
	ghost.Ghost, clear.RGBA[3] = true, 0
	s := Scene{Geoms: []Geom{ball(0, BodyGeom), ball(1, Site), ball(2, Decoration), ghost, clear}}
	c := Camera{Distance: 10, Azimuth: 90, Elevation: -90}
	hit, ok := s.Pick(c, 1, 0.5, 0.5)
	if !ok || hit.Geom != 1 || !near(hit.Distance, 8.9, 1e-6) || !nearVec(hit.Point, vec{0, 0, 1.1}, 1e-6) {
		t.Errorf("hit %+v, %v; want the site at 8.9 m", hit, ok)
	}
	if hit, ok := s.Pick(c, 1, 0, 0); ok {
		t.Errorf("hit %+v in empty space", hit)
	}
}
