package mujoco

// #include "mj.h"
import "C"

import (
	"math"
	"slices"
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// surfaces is what Load keeps of the model's meshes and height fields. One that is
// not used, or whose data make no surface, is nil.
type surfaces struct {
	meshes, fields []*render.Mesh
}

func readSurfaces(p *C.mjModel) surfaces {
	out := surfaces{meshes: make([]*render.Mesh, int(p.nmesh)), fields: make([]*render.Mesh, int(p.nhfield))}
	n := int(p.ngeom)
	types, data, groups := indices(p.geom_type, n), indices(p.geom_dataid, n), indices(p.geom_group, n)
	for i, t := range types {
		if groups[i] > 2 || data[i] < 0 {
			continue
		}
		switch id := data[i]; C.mjx_drawn_shape(C.int(t)) {
		case C.mjGEOM_MESH:
			if out.meshes[id] == nil {
				out.meshes[id] = readMesh(p, id)
			}
		case C.mjGEOM_HFIELD:
			if out.fields[id] == nil {
				out.fields[id] = readField(p, id)
			}
		}
	}
	return out
}

// corner is what a corner of a face refers to. Corners that agree share a vertex.
type corner struct {
	vertex, texcoord int
	normal           [3]float32
}

func readMesh(p *C.mjModel, id int) *render.Mesh {
	d := C.mjx_mesh(p, C.int(id))
	vertices := view[[3]float32](unsafe.Pointer(d.vertices), int(d.nvertex))
	normals := view[[3]float32](unsafe.Pointer(d.normals), int(d.nnormal))
	texcoords := view[[2]float32](unsafe.Pointer(d.texcoords), int(d.ntexcoord))
	faces := view[[3]C.int](unsafe.Pointer(d.faces), int(d.nface))
	faceNormals := view[[3]C.int](unsafe.Pointer(d.facenormals), int(d.nface))
	faceTexcoords := view[[3]C.int](unsafe.Pointer(d.facetexcoords), int(d.nface))

	b := builder{known: map[corner]uint32{}}
	shade := newShading(vertices, faces)
	for i, f := range faces {
		if shade.flat[i] == [3]float32{} {
			continue
		}
		var face [3]uint32
		for k, v := range f {
			c := corner{vertex: int(v), texcoord: -1, normal: normals[faceNormals[i][k]]}
			if dot(c.normal, shade.flat[i]) < creaseCosine {
				c.normal = shade.normal(i, int(v))
			}
			if texcoords != nil {
				c.texcoord = int(faceTexcoords[i][k])
			}
			face[k] = b.vertex(c, vertices, texcoords)
		}
		b.faces = append(b.faces, face)
	}
	return b.mesh(C.GoString(C.mjx_name(p, C.mjOBJ_MESH, C.int(id))))
}

// creaseCosine is of the angle between faces beyond which they meet in an edge. The
// compiler averages over edges too, which makes a box look like a pillow.
const creaseCosine = 0.75

// shading finds the normals of surfaces that have edges.
type shading struct {
	flat  [][3]float32 // of each face
	first []int        // where a vertex's faces begin in at
	at    []int
}

func newShading(vertices [][3]float32, faces [][3]C.int) *shading {
	s := &shading{flat: make([][3]float32, len(faces)), first: make([]int, len(vertices)+1), at: make([]int, 3*len(faces))}
	for i, f := range faces {
		s.flat[i] = faceNormal(vertices[f[0]], vertices[f[1]], vertices[f[2]])
		for _, v := range f {
			s.first[v+1]++
		}
	}
	for v := range vertices {
		s.first[v+1] += s.first[v]
	}
	next := slices.Clone(s.first)
	for i, f := range faces {
		for _, v := range f {
			s.at[next[v]] = i
			next[v]++
		}
	}
	return s
}

// normal is the mean over the faces at a vertex that go on smoothly from a face.
func (s *shading) normal(face, vertex int) [3]float32 {
	var sum [3]float64
	for _, i := range s.at[s.first[vertex]:s.first[vertex+1]] {
		if dot(s.flat[i], s.flat[face]) < creaseCosine {
			continue
		}
		for k, x := range s.flat[i] {
			sum[k] += float64(x)
		}
	}
	return normalised(sum)
}

func dot(a, b [3]float32) float32 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// normalised has unit length, or is zero.
func normalised(v [3]float64) (n [3]float32) {
	length := math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])
	if !(length > 0) || math.IsInf(length, 0) {
		return n
	}
	for k := range n {
		n[k] = float32(v[k] / length)
	}
	return n
}

// faceNormal has unit length, or is zero if the corners lie in a line.
func faceNormal(a, b, c [3]float32) [3]float32 {
	var u, v, w [3]float64
	for k := range a {
		u[k], v[k] = float64(b[k]-a[k]), float64(c[k]-a[k])
	}
	for k := range w {
		i, j := (k+1)%3, (k+2)%3
		w[k] = u[i]*v[j] - u[j]*v[i]
	}
	return normalised(w)
}

// builder collects the parts of a render.Mesh.
type builder struct {
	known     map[corner]uint32
	vertices  [][3]float32
	normals   [][3]float32
	texcoords [][2]float32
	faces     [][3]uint32
}

func (b *builder) vertex(c corner, vertices [][3]float32, texcoords [][2]float32) uint32 {
	if i, ok := b.known[c]; ok {
		return i
	}
	i := uint32(len(b.vertices))
	b.known[c] = i
	b.vertices = append(b.vertices, vertices[c.vertex])
	b.normals = append(b.normals, c.normal)
	if c.texcoord >= 0 {
		b.texcoords = append(b.texcoords, texcoords[c.texcoord])
	}
	return i
}

// mesh is nil if the parts make none, which is not drawn.
func (b *builder) mesh(name string) *render.Mesh {
	m, err := render.NewMesh(name, b.vertices, b.normals, b.texcoords, b.faces)
	if err != nil {
		return nil
	}
	return m
}
