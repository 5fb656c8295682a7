package gl

import (
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// Attribute locations of geom.vert.glsl.
const (
	vertexAt   = 0
	normalAt   = 1
	instanceAt = 2
	texCoordAt = instanceAt + instanceVectors // of solids only
)

// geometry holds the unit shapes, the meshes and the instances of the present picture.
type geometry struct {
	*meshes
	array               uint32
	vertices, instances uint32
	indices             map[mesh]uint32 // a buffer each: see draw
	solids              solids
}

func newGeometry() *geometry {
	g := &geometry{meshes: newMeshes(), indices: map[mesh]uint32{}}
	gl.GenVertexArrays(1, &g.array)
	gl.BindVertexArray(g.array)
	gl.GenBuffers(1, &g.vertices)
	gl.BindBuffer(gl.ARRAY_BUFFER, g.vertices)
	gl.BufferData(gl.ARRAY_BUFFER, len(g.meshes.vertices)*vertexBytes, unsafe.Pointer(&g.meshes.vertices[0]), gl.STATIC_DRAW)
	describeVertices(vertexBytes)
	for _, shapes := range g.of {
		for _, m := range shapes {
			g.addIndices(m)
		}
	}
	gl.GenBuffers(1, &g.instances)
	describeInstances()
	return g
}

// describeVertices tells the bound array how the bound buffer's vertices lie, some
// bytes apart.
func describeVertices(stride int32) {
	gl.EnableVertexAttribArray(vertexAt)
	gl.VertexAttribPointerWithOffset(vertexAt, 4, gl.FLOAT, false, stride, 0)
	gl.EnableVertexAttribArray(normalAt)
	gl.VertexAttribPointerWithOffset(normalAt, 3, gl.FLOAT, false, stride, 16)
}

// describeInstances tells the bound array that it is drawn in instances.
func describeInstances() {
	for i := uint32(0); i < instanceVectors; i++ {
		gl.EnableVertexAttribArray(instanceAt + i)
		gl.VertexAttribDivisor(instanceAt+i, 1)
	}
}

// addIndices uploads the indices of a mesh, unless another shape has the same.
func (g *geometry) addIndices(m mesh) {
	if _, ok := g.indices[m]; ok {
		return
	}
	var buffer uint32
	gl.GenBuffers(1, &buffer)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffer)
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, int(m.count)*2, unsafe.Pointer(&g.meshes.indices[m.first]), gl.STATIC_DRAW)
	g.indices[m] = buffer
}

// upload makes the instances of a picture those that draw draws.
func (g *geometry) upload(instances []instance) {
	gl.BindBuffer(gl.ARRAY_BUFFER, g.instances)
	if len(instances) > 0 {
		gl.BufferData(gl.ARRAY_BUFFER, len(instances)*instanceBytes, unsafe.Pointer(&instances[0]), gl.STREAM_DRAW)
	}
}

// draw draws one batch. GL 3.3 has no base instance, so the attributes move;
// and go-gl has no instanced call with an offset into the indices that the
// checks of -race accept, so each mesh has a buffer of its own.
func (g *geometry) draw(b *batch) error {
	var count int32
	var width uint32 = gl.UNSIGNED_SHORT
	if b.shape == render.Meshed {
		s, err := g.solids.get(b.mesh)
		if err != nil {
			return err
		}
		count, width = s.count, gl.UNSIGNED_INT
	} else {
		m := g.of[b.detail][b.shape]
		gl.BindVertexArray(g.array)
		gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, g.indices[m])
		count = m.count
	}
	gl.BindBuffer(gl.ARRAY_BUFFER, g.instances)
	for i := 0; i < instanceVectors; i++ {
		gl.VertexAttribPointerWithOffset(uint32(instanceAt+i), 4, gl.FLOAT, false, instanceBytes,
			uintptr(b.first*instanceBytes+16*i))
	}
	gl.DrawElementsInstanced(gl.TRIANGLES, count, width, nil, int32(b.count))
	return nil
}

func (g *geometry) delete() {
	g.solids.delete()
	gl.DeleteVertexArrays(1, &g.array)
	gl.DeleteBuffers(1, &g.vertices)
	gl.DeleteBuffers(1, &g.instances)
	for _, buffer := range g.indices {
		gl.DeleteBuffers(1, &buffer)
	}
}
