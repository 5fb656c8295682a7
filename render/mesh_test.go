package render

import (
	"math"
	"math/rand"
	"strings"
	"testing"
)

// boxMesh is a Box of half sizes as triangles.
func boxMesh(t testing.TB, half [3]float32) *Mesh {
	t.Helper()
	var vertices, normals [][3]float32
	var faces [][3]uint32
	for axis := range 3 {
		for _, side := range []float32{-1, 1} {
			u, v := (axis+1)%3, (axis+2)%3
			var n [3]float32
			n[axis] = side
			k := uint32(len(vertices))
			for _, s := range [4][2]float32{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
				var p [3]float32
				p[axis], p[u], p[v] = side*half[axis], s[0]*half[u], side*s[1]*half[v]
				vertices, normals = append(vertices, p), append(normals, n)
			}
			faces = append(faces, [3]uint32{k, k + 1, k + 2}, [3]uint32{k, k + 2, k + 3})
		}
	}
	m, err := NewMesh("box", vertices, normals, nil, faces)
	if err != nil {
		t.Fatal(err)
	}
	if m.Lo != [3]float32{-half[0], -half[1], -half[2]} || m.Hi != half {
		t.Fatalf("bounds %v, %v of half sizes %v", m.Lo, m.Hi, half)
	}
	return m
}

// A box made of triangles is met where the box is.
func TestMeshIsMetLikeItsShape(t *testing.T) {
	r := rand.New(rand.NewSource(7))
	hits := 0
	for range 2000 {
		box, ray := randomGeom(r, Box), randomRay(r)
		mesh := box
		mesh.Shape, mesh.Mesh = Meshed, boxMesh(t, box.Size)
		want, wantOK := box.Intersect(ray)
		got, ok := mesh.Intersect(ray)
		if ok != wantOK || ok && !near(got, want, 1e-5) {
			t.Fatalf("%v, ray %v: %g, %v; want %g, %v", box.Size, ray, got, ok, want, wantOK)
		}
		if ok {
			hits++
		}
	}
	if hits < 200 {
		t.Errorf("only %d rays hit: the test tests little", hits)
	}
}

func TestMeshIsNotMetFromInside(t *testing.T) {
	g := Geom{Shape: Meshed, Mat: upright, Mesh: boxMesh(t, [3]float32{1, 1, 1})}
	if d, ok := g.Intersect(Ray{vec{}, vec{0, 0, 1}}); ok {
		t.Errorf("hit at %g", d)
	}
	if _, ok := (&Geom{Shape: Meshed, Mat: upright}).Intersect(Ray{vec{0, 0, 2}, vec{0, 0, -1}}); ok {
		t.Error("a geom without its mesh was hit")
	}
}

func TestNewMeshErrors(t *testing.T) {
	corners := [][3]float32{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}
	up := [][3]float32{{0, 0, 1}, {0, 0, 1}, {0, 0, 1}}
	face := [][3]uint32{{0, 1, 2}}
	if _, err := NewMesh("good", corners, up, [][2]float32{{}, {}, {}}, face); err != nil {
		t.Fatal(err)
	}
	inf := [][3]float32{{0, 0, 0}, {1, float32(math.Inf(1)), 0}, {0, 1, 0}}
	for _, c := range []struct {
		want              string
		vertices, normals [][3]float32
		texCoords         [][2]float32
		faces             [][3]uint32
	}{
		{"0 vertices", nil, nil, nil, face},
		{"0 faces", corners, up, nil, nil},
		{"2 normals", corners, up[:2], nil, face},
		{"1 texture coordinates", corners, up, [][2]float32{{}}, face},
		{"face 1 has vertex 3 of 3", corners, up, nil, [][3]uint32{{0, 1, 2}, {0, 3, 2}}},
		{"vertex 1 is", inf, up, nil, face},
	} {
		_, err := NewMesh("odd", c.vertices, c.normals, c.texCoords, c.faces)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), `"odd"`) {
			t.Errorf("error %v, want one with %q", err, c.want)
		}
	}
}
