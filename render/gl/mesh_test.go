package gl

import (
	"math"
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

// Translucent things come after all opaque ones, from far to near, the geoms of
// a ghost layer together.
func TestListOrder(t *testing.T) {
	geom := func(x float32, alpha float32, ghost bool, layer int) render.Geom {
		return render.Geom{Shape: render.Sphere, Size: [3]float32{0.1}, Pos: [3]float32{x, 0, 0},
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
	if err := l.fill(s, render.Camera{Distance: 1}.Frame(), 100, 100); err != nil {
		t.Fatal(err)
	}
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
		if err := l.fill(s, render.Camera{Distance: 1, Elevation: elevation}.Frame(), 100, 100); err != nil {
			t.Fatal(err)
		}
		for i, it := range l.items {
			if it.geom != want[i] {
				t.Errorf("elevation %g: place %d has geom %d, want %d", elevation, i, it.geom, want[i])
			}
		}
	}
}
