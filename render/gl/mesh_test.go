package gl

import (
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/render"
)

// placed returns a mesh's triangles for a length, as geom.vert.glsl places
// them, with their normals.
func (m *meshes) placed(which mesh, length float64) (triangles [][3][3]float64, normals [][3][3]float64) {
	indices := m.indices[which.first : which.first+which.count]
	for i := 0; i < len(indices); i += 3 {
		var t, n [3][3]float64
		for k := range t {
			v := m.vertices[indices[i+k]]
			t[k] = [3]float64{float64(v.x), float64(v.y), float64(v.z) + float64(v.stretch)*length}
			n[k] = [3]float64{float64(v.nx), float64(v.ny), float64(v.nz)}
		}
		triangles, normals = append(triangles, t), append(normals, n)
	}
	return triangles, normals
}

func minus(a, b [3]float64) [3]float64 { return [3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// By the divergence theorem, a closed mesh with outward faces has the volume of
// its solid, wherever the origin is, up to the chords.
func TestMeshesEncloseTheirSolids(t *testing.T) {
	m := newMeshes()
	const length = 7.0
	r, h := render.ArrowHeadRadius, render.ArrowHeadLength
	for shape, want := range map[render.Shape]float64{
		render.Sphere:   4 * math.Pi / 3,
		render.Capsule:  4*math.Pi/3 + 2*math.Pi*length,
		render.Cylinder: 2 * math.Pi * length,
		render.Box:      8,
		render.Arrow:    math.Pi*(length-h) + math.Pi*r*r*h/3,
	} {
		for d, n := range segments {
			triangles, normals := m.placed(m.of[d][shape], length)
			for _, origin := range [][3]float64{{}, {3, -2, 5}} {
				volume := 0.0
				for _, p := range triangles {
					a, b, c := minus(p[0], origin), minus(p[1], origin), minus(p[2], origin)
					volume += along(a, cross(b, c)) / 6
				}
				if tolerance := 20 / float64(n*n); math.Abs(volume-want) > want*tolerance {
					t.Errorf("shape %d, %d segments: volume %g, want %g up to %g of it", shape, n, volume, want, tolerance)
				}
			}
			for i, p := range triangles {
				face := cross(minus(p[1], p[0]), minus(p[2], p[0]))
				for _, n := range normals[i] {
					if l := along(n, n); math.Abs(l-1) > 1e-5 || along(face, n) <= 0 {
						t.Fatalf("shape %d: normal %v of face %v", shape, n, p)
					}
				}
			}
		}
	}
}

func TestDetailGrowsWithSizeOnScreen(t *testing.T) {
	last := detail(0)
	for _, scale := range []float64{1, 20, 60, 500} {
		d := detailOf(&render.Geom{Shape: render.Sphere, Size: [3]float32{1}}, scale)
		if d < last {
			t.Errorf("detail %d at radius %g pixels after %d", d, scale, last)
		}
		sag := scale * (1 - math.Cos(math.Pi/float64(segments[d]))) / 2
		if sag > 0.5 {
			t.Errorf("radius %g pixels: chords are %g pixels off", scale, sag)
		}
		last = d
	}
	if last != details-1 {
		t.Errorf("the largest has detail %d, want %d", last, details-1)
	}
}

// wideLens sees almost all before the camera.
func wideLens(c render.Camera) *lens {
	return &lens{Frame: c.Frame(), slope: [2]float64{100, 100}, reach: 100, scale: 100, look: c.Distance}
}

// Translucent things come after all opaque ones, from far to near, the geoms of
// a ghost layer together.
func TestListOrder(t *testing.T) {
	geom := func(x float32, alpha float32, ghost bool, layer int) render.Geom {
		return render.Geom{Shape: render.Sphere, Size: [3]float32{0.01}, Pos: [3]float32{x, 0, 0},
			RGBA: [4]float32{1, 1, 1, alpha}, Ghost: ghost, GhostLayer: layer}
	}
	s := &render.Scene{Geoms: []render.Geom{
		geom(1, 0.5, false, 0), // near
		geom(2, 0.5, true, 1),  // ghost layer 1, mean depth 3.5
		geom(3, 1, false, 0),
		geom(4, 0.5, true, 0), // ghost layer 0
		geom(5, 0.5, true, 1),
		geom(6, 0.5, false, 0), // far
		geom(7, 0, false, 0),   // invisible
		{Shape: render.Plane, RGBA: [4]float32{1, 1, 1, 1}},
	}}
	l := list{ghosts: map[int]mean{}}
	view := wideLens(render.Camera{Distance: 1})
	if err := l.take(s, view); err != nil {
		t.Fatal(err)
	}
	l.arrange(s, view)
	var got []int
	for _, it := range l.items {
		got = append(got, it.geom)
	}
	want := []int{2, 7, 5, 3, 1, 4, 0}
	if len(got) != len(want) {
		t.Fatalf("order %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("order %v, want %v", got, want)
		}
	}
	if n := len(l.batches) - l.opaque; n != 4 {
		t.Errorf("%d translucent batches, want 4: a ghost layer is one", n)
	}
}

// What a table top hides comes after it, for a camera above it only.
func TestCoveredComesAfterItsCover(t *testing.T) {
	white := [4]float32{1, 1, 1, 1}
	upright := [9]float32{0: 1, 4: 1, 8: 1}
	s := &render.Scene{Geoms: []render.Geom{
		{Shape: render.Plane, Mat: upright, Pos: [3]float32{0, 0, -1}, RGBA: white}, // endless floor
		{Shape: render.Box, Mat: upright, Pos: [3]float32{0, 0, -0.1}, Size: [3]float32{1, 1, 0.1}, RGBA: white},
		{Shape: render.Plane, Mat: upright, Size: [3]float32{1, 1, 0}, RGBA: white}, // table top
		{Shape: render.Box, Mat: upright, Pos: [3]float32{0, 0, 0.1}, Size: [3]float32{0.1, 0.1, 0.1}, RGBA: white},
	}}
	for elevation, want := range map[float64][4]int{-40: {3, 2, 1, 0}, 20: {1, 3, 2, 0}} {
		l := list{ghosts: map[int]mean{}}
		view := wideLens(render.Camera{Distance: 1, Elevation: elevation})
		if err := l.take(s, view); err != nil {
			t.Fatal(err)
		}
		l.arrange(s, view)
		for i, it := range l.items {
			if it.geom != want[i] {
				t.Errorf("elevation %g: place %d has geom %d, want %d", elevation, i, it.geom, want[i])
			}
		}
	}
}

// A ball is out of the picture when no point of it projects into it.
func TestLensSees(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	c := render.Camera{LookAt: [3]float64{0.2, -0.1, 0.3}, Distance: 2, Azimuth: 37, Elevation: -25, FovY: 50}
	const aspect = 1.5
	p := c.Projection(aspect, 0.01, 100)
	view := &lens{Frame: c.Frame(), slope: [2]float64{1 / p[0], 1 / p[5]}}
	seen := 0
	for range 3000 {
		centre, radius := [3]float32{float32(3 * r.NormFloat64()), float32(3 * r.NormFloat64()), float32(3 * r.NormFloat64())}, r.Float64()
		if view.sees(centre, radius) {
			seen++
			continue
		}
		for range 20 {
			v := [3]float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
			n := math.Hypot(v[0], math.Hypot(v[1], v[2]))
			for k := range v {
				v[k] = float64(centre[k]) + radius*v[k]/n
			}
			if x, y, _, ok := c.Project(v, aspect); ok && x >= 0 && x <= 1 && y >= 0 && y <= 1 {
				t.Fatalf("ball %v, %g is not seen, but its point at (%g, %g)", centre, radius, x, y)
			}
		}
	}
	if seen < 100 || seen > 1500 {
		t.Errorf("%d of 3000 balls are seen: the test tests little", seen)
	}
}
