package render

import (
	"fmt"
	"math"
)

// Mesh is an immutable surface of triangles in the frame of the geoms that show it,
// shared by pointer. NewMesh makes one; nothing may change afterwards.
type Mesh struct {
	Name      string
	Vertices  [][3]float32 // metres
	Normals   [][3]float32 // one a vertex, unit length
	TexCoords [][2]float32 // one a vertex, or none: then textures lie in the xy plane
	Faces     [][3]uint32  // three vertices each, counter-clockwise from outside
	Lo, Hi    [3]float32   // box around the vertices
}

// NewMesh checks the parts of a mesh, which it keeps, and measures it. Errors name
// what does not fit together.
func NewMesh(name string, vertices, normals [][3]float32, texCoords [][2]float32, faces [][3]uint32) (*Mesh, error) {
	m := &Mesh{Name: name, Vertices: vertices, Normals: normals, TexCoords: texCoords, Faces: faces}
	n := len(vertices)
	if n == 0 || len(faces) == 0 {
		return nil, fmt.Errorf("mesh %q has %d vertices and %d faces: want some", name, n, len(faces))
	}
	if len(normals) != n || len(texCoords) != n && len(texCoords) != 0 {
		return nil, fmt.Errorf("mesh %q has %d vertices, %d normals and %d texture coordinates: want as many", name, n, len(normals), len(texCoords))
	}
	for i, f := range faces {
		if most := max(f[0], f[1], f[2]); int(most) >= n {
			return nil, fmt.Errorf("mesh %q: face %d has vertex %d of %d", name, i, most, n)
		}
	}
	m.Lo, m.Hi = vertices[0], vertices[0]
	for i, v := range vertices {
		for k, x := range v {
			if d := float64(x); math.IsNaN(d) || math.IsInf(d, 0) {
				return nil, fmt.Errorf("mesh %q: vertex %d is %v: want finite numbers", name, i, v)
			}
			m.Lo[k], m.Hi[k] = min(m.Lo[k], x), max(m.Hi[k], x)
		}
	}
	return m, nil
}

// mesh meets the outer side of the triangles of a mesh.
func (e *entry) mesh(m *Mesh) {
	if m == nil || !e.near(m) {
		return
	}
	for _, f := range m.Faces {
		e.triangle(wide(m.Vertices[f[0]]), wide(m.Vertices[f[1]]), wide(m.Vertices[f[2]]))
	}
}

// near says whether the ray comes through the box around a mesh.
func (e *entry) near(m *Mesh) bool {
	in, out := 0.0, math.Inf(1)
	for i := range e.Dir {
		lo, hi := float64(m.Lo[i])-e.Origin[i], float64(m.Hi[i])-e.Origin[i]
		if e.Dir[i] == 0 {
			if lo > 0 || hi < 0 {
				return false
			}
			continue
		}
		a, b := lo/e.Dir[i], hi/e.Dir[i]
		in, out = max(in, min(a, b)), min(out, max(a, b))
	}
	return in <= out
}

// triangle is met on the side from which a, b, c go counter-clockwise: Möller and
// Trumbore (1997), the branch that culls.
func (e *entry) triangle(a, b, c vec) {
	ab, ac := sub(b, a), sub(c, a)
	p := cross(e.Dir, ac)
	det := dot(ab, p)
	if det <= 0 {
		return
	}
	from := sub(e.Origin, a)
	u := dot(from, p)
	if u < 0 || u > det {
		return
	}
	q := cross(from, ab)
	if v := dot(e.Dir, q); v < 0 || u+v > det {
		return
	}
	e.keep(dot(ac, q) / det)
}
