package gl

import (
	"math"

	"github.com/latco-studio/latco/render"
)

// vertex is a point of a unit shape: scaled by the geom's size and shifted
// along z by stretch times its length.
type vertex struct {
	x, y, z, stretch float32
	nx, ny, nz       float32
}

const vertexBytes = 7 * 4

// mesh is a range of the shared index buffer.
type mesh struct {
	first, count int32
}

// detail is how finely a round shape is cut.
type detail uint8

const details = 8

// segments is the number of cuts around the axis, arcs of a half circle (even), and
// pixels the radius up to which they look round: with swell, a chord of angle 2π/n is
// at most r(1 − cos π/n)/2 ≈ 0.25 pixels off, less of what is hardly larger than a
// pixel. Software OpenGL pays for every triangle, and an observation has many small
// things.
var (
	segments = [details]int{5, 5, 6, 8, 12, 24, 40, 72}
	arcs     = [details]int{2, 4, 4, 4, 6, 12, 20, 36}
	pixels   = [details]float64{0.8, 1.2, 3.5, 6.5, 14.5, 58, 160, math.Inf(1)}
)

// shadowScale is how much smaller than on the screen a radius of as many texels
// counts: what is seen of a shadow is softer than what throws it.
const shadowScale = 0.5

// swell is what the corners of a polygon of n sides are moved out by, so that it is as
// wide as its circle on average.
func swell(n int) float64 { return 2 / (1 + math.Cos(math.Pi/float64(n))) }

// coarser is enough detail for a shadow, unless that is tiny.
func (d detail) coarser() detail { return max(d, hexagonal+1) - 1 }

// hexagonal is the coarsest that goes for round.
const hexagonal detail = 2

// detailOf chooses by the radius in the picture, scale being pixels a metre.
func detailOf(g *render.Geom, scale float64) detail {
	r := g.Size[0]
	switch g.Shape {
	case render.Plane, render.Box, render.Meshed:
		return 0
	case render.Ellipsoid:
		r = max(r, g.Size[1], g.Size[2])
	}
	for d, limit := range pixels {
		if float64(r)*scale <= limit {
			return detail(d)
		}
	}
	return details - 1
}

// meshes are all unit shapes in one pair of arrays.
type meshes struct {
	vertices []vertex
	indices  []uint16
	of       [details][render.Arrow + 1]mesh
}

func newMeshes() *meshes {
	m := &meshes{}
	plane, box := m.plane(), m.box()
	for d, n := range segments {
		sphere := m.lathe(n, arc(arcs[d], 0, 0))
		m.of[d] = [...]mesh{
			render.Plane:     plane,
			render.Sphere:    sphere,
			render.Ellipsoid: sphere,
			render.Capsule:   m.lathe(n, arc(arcs[d], -1, 1)),
			render.Cylinder:  m.lathe(n, cylinder()),
			render.Box:       box,
			render.Arrow:     m.lathe(n, arrow()),
		}
	}
	return m
}

// ring is a circle of a surface of revolution about z, with the normal in the
// half plane through the axis.
type ring struct {
	r, z, stretch float64
	nr, nz        float64
}

// arc is a half circle from pole to pole in n steps (n even); the halves are
// pulled apart when the stretches differ.
func arc(n int, below, above float64) []ring {
	var rings []ring
	for i := 0; i <= n; i++ {
		s, c := math.Sincos(math.Pi * (float64(i)/float64(n) - 0.5))
		if i == 0 || i == n {
			c = 0
		}
		if 2*i <= n {
			rings = append(rings, ring{c, s, below, c, s})
		}
		if 2*i >= n && (2*i > n || below != above) {
			rings = append(rings, ring{c, s, above, c, s})
		}
	}
	return rings
}

// cylinder has radius 1 and is stretched to its length.
func cylinder() []ring {
	return []ring{
		{0, 0, -1, 0, -1}, {1, 0, -1, 0, -1},
		{1, 0, -1, 1, 0}, {1, 0, 1, 1, 0},
		{1, 0, 1, 0, 1}, {0, 0, 1, 0, 1},
	}
}

// arrow has radius 1 and is stretched to its length; its head is not.
func arrow() []ring {
	const r, h = render.ArrowHeadRadius, render.ArrowHeadLength
	slant := math.Hypot(r, h)
	nr, nz := h/slant, r/slant
	return []ring{
		{0, 0, 0, 0, -1}, {1, 0, 0, 0, -1},
		{1, 0, 0, 1, 0}, {1, -h, 1, 1, 0},
		{1, -h, 1, 0, -1}, {r, -h, 1, 0, -1},
		{r, -h, 1, nr, nz}, {0, 0, 1, nr, nz},
	}
}

// lathe turns a profile, listed from bottom to top, about z. Neighbouring
// rings at the same place with different normals make a crease.
func (m *meshes) lathe(n int, profile []ring) mesh {
	base, k := len(m.vertices), swell(n)
	for _, p := range profile {
		for j := 0; j < n; j++ {
			s, c := math.Sincos(2 * math.Pi * float64(j) / float64(n))
			m.vertices = append(m.vertices, vertex{
				float32(k * p.r * c), float32(k * p.r * s), float32(p.z), float32(p.stretch),
				float32(p.nr * c), float32(p.nr * s), float32(p.nz),
			})
		}
	}
	first := len(m.indices)
	for i := 0; i+1 < len(profile); i++ {
		a, b := profile[i], profile[i+1]
		if a.r == b.r && a.z == b.z && a.stretch == b.stretch {
			continue
		}
		if a.nr == 0 && b.nr == 0 && a.r*b.r == 0 {
			m.disc(base+i*n, n, a.r == 0)
			continue
		}
		for j := 0; j < n; j++ {
			k := (j + 1) % n
			lo, hi := base+i*n, base+(i+1)*n
			if a.r != 0 {
				m.triangle(lo+j, lo+k, hi+k)
			}
			if b.r != 0 {
				m.triangle(lo+j, hi+k, hi+j)
			}
		}
	}
	return m.since(first)
}

// disc is the polygon of the n corners of a ring, of which it comes before or after,
// cut into triangles of which few meet anywhere.
func (m *meshes) disc(ring, n int, before bool) {
	if before {
		ring += n
	}
	lo, hi := 0, n-1
	for k := 0; lo+1 < hi; k++ {
		a, b, c := lo, lo+1, hi
		if k%2 == 0 {
			lo++
		} else {
			b, c = hi-1, hi
			hi--
		}
		if before {
			b, c = c, b
		}
		m.triangle(ring+a, ring+b, ring+c)
	}
}

// plane is the square [−1, 1]² facing up.
func (m *meshes) plane() mesh {
	first := len(m.indices)
	m.face([3]float32{}, [3]float32{1, 0, 0}, [3]float32{0, 1, 0})
	return m.since(first)
}

// box is the cube [−1, 1]³.
func (m *meshes) box() mesh {
	first := len(m.indices)
	for axis := 0; axis < 3; axis++ {
		for _, side := range []float32{-1, 1} {
			var c, u, v [3]float32
			c[axis], u[(axis+1)%3], v[(axis+2)%3] = side, 1, side
			m.face(c, u, v)
		}
	}
	return m.since(first)
}

// face is the square c ± u ± v with the normal u × v.
func (m *meshes) face(c, u, v [3]float32) {
	base := len(m.vertices)
	n := [3]float32{u[1]*v[2] - u[2]*v[1], u[2]*v[0] - u[0]*v[2], u[0]*v[1] - u[1]*v[0]}
	for _, s := range [4][2]float32{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		var p [3]float32
		for i := range p {
			p[i] = c[i] + s[0]*u[i] + s[1]*v[i]
		}
		m.vertices = append(m.vertices, vertex{p[0], p[1], p[2], 0, n[0], n[1], n[2]})
	}
	m.triangle(base, base+1, base+2)
	m.triangle(base, base+2, base+3)
}

func (m *meshes) triangle(a, b, c int) {
	m.indices = append(m.indices, uint16(a), uint16(b), uint16(c))
}

func (m *meshes) since(first int) mesh {
	return mesh{first: int32(first), count: int32(len(m.indices) - first)}
}
