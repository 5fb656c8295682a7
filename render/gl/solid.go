package gl

import (
	"errors"
	"unsafe"
	"weak"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// solid is a render.Mesh on the GPU.
type solid struct {
	array   uint32
	buffers [2]uint32 // vertices, indices
	count   int32     // of indices
}

// solidVertex is a vertex and where in a texture it is.
type solidVertex struct {
	vertex
	u, v float32
}

const solidVertexBytes = vertexBytes + 8

func (s solid) delete() {
	gl.DeleteVertexArrays(1, &s.array)
	gl.DeleteBuffers(int32(len(s.buffers)), &s.buffers[0])
}

// solids caches meshes by identity, without keeping them alive.
type solids struct {
	uploads[weak.Pointer[render.Mesh], solid]
}

// tick starts a picture and drops what meshes that are gone have left.
func (ss *solids) tick() {
	dropOrphans(&ss.uploads)
	ss.uploads.tick()
}

func dropOrphans[V interface{ delete() }](u *uploads[weak.Pointer[render.Mesh], V]) {
	for m := range u.of {
		if m.Value() == nil {
			u.drop(m)
		}
	}
}

// get returns a mesh with its array bound, uploading it the first time.
func (ss *solids) get(m *render.Mesh) (solid, error) {
	key := weak.Make(m)
	if s, ok := ss.find(key); ok {
		gl.BindVertexArray(s.array)
		return s, nil
	}
	if len(m.Faces) == 0 || len(m.Normals) != len(m.Vertices) {
		return solid{}, errors.New("gl: a mesh that render.NewMesh did not make")
	}
	s := solid{count: int32(3 * len(m.Faces))}
	gl.GenVertexArrays(1, &s.array)
	gl.BindVertexArray(s.array)
	gl.GenBuffers(int32(len(s.buffers)), &s.buffers[0])
	vertices := solidVertices(m)
	gl.BindBuffer(gl.ARRAY_BUFFER, s.buffers[0])
	gl.BufferData(gl.ARRAY_BUFFER, len(vertices)*solidVertexBytes, unsafe.Pointer(&vertices[0]), gl.STATIC_DRAW)
	describeVertices(solidVertexBytes)
	gl.EnableVertexAttribArray(texCoordAt)
	gl.VertexAttribPointerWithOffset(texCoordAt, 2, gl.FLOAT, false, solidVertexBytes, vertexBytes)
	describeInstances()
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, s.buffers[1])
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, len(m.Faces)*12, unsafe.Pointer(&m.Faces[0]), gl.STATIC_DRAW)
	ss.keep(key, s, len(vertices)*solidVertexBytes+len(m.Faces)*12)
	return s, glError("uploading mesh " + m.Name)
}

// solidVertices joins the parts of a mesh. Without texture coordinates textures lie
// in the xy plane.
func solidVertices(m *render.Mesh) []solidVertex {
	out := make([]solidVertex, len(m.Vertices))
	for i, p := range m.Vertices {
		n := m.Normals[i]
		out[i] = solidVertex{vertex: vertex{p[0], p[1], p[2], 0, n[0], n[1], n[2]}, u: p[0], v: p[1]}
		if m.TexCoords != nil {
			out[i].u, out[i].v = m.TexCoords[i][0], m.TexCoords[i][1]
		}
	}
	return out
}
