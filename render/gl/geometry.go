package gl

import (
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// Attribute locations of geom.vert.glsl.
const (
	vertexAt   = 0
	normalAt   = 1
	instanceAt = 2
)

// geometry holds the unit shapes and the instances of the present picture.
type geometry struct {
	*meshes
	array     uint32
	buffers   [3]uint32 // vertices, indices, instances
	instances uint32
}

func newGeometry() *geometry {
	g := &geometry{meshes: newMeshes()}
	gl.GenVertexArrays(1, &g.array)
	gl.BindVertexArray(g.array)
	gl.GenBuffers(int32(len(g.buffers)), &g.buffers[0])
	gl.BindBuffer(gl.ARRAY_BUFFER, g.buffers[0])
	gl.BufferData(gl.ARRAY_BUFFER, len(g.vertices)*vertexBytes, gl.Ptr(g.vertices), gl.STATIC_DRAW)
	gl.EnableVertexAttribArray(vertexAt)
	gl.VertexAttribPointerWithOffset(vertexAt, 4, gl.FLOAT, false, vertexBytes, 0)
	gl.EnableVertexAttribArray(normalAt)
	gl.VertexAttribPointerWithOffset(normalAt, 3, gl.FLOAT, false, vertexBytes, 16)
	gl.BindBuffer(gl.ELEMENT_ARRAY_BUFFER, g.buffers[1])
	gl.BufferData(gl.ELEMENT_ARRAY_BUFFER, len(g.indices)*2, gl.Ptr(g.indices), gl.STATIC_DRAW)
	for i := uint32(0); i < instanceVectors; i++ {
		gl.EnableVertexAttribArray(instanceAt + i)
		gl.VertexAttribDivisor(instanceAt+i, 1)
	}
	g.instances = g.buffers[2]
	return g
}

// upload makes the instances of a picture those that draw draws.
func (g *geometry) upload(instances []instance) {
	gl.BindVertexArray(g.array)
	gl.BindBuffer(gl.ARRAY_BUFFER, g.instances)
	if len(instances) > 0 {
		gl.BufferData(gl.ARRAY_BUFFER, len(instances)*instanceBytes, unsafe.Pointer(&instances[0]), gl.STREAM_DRAW)
	}
}

// draw draws one batch. GL 3.3 has no base instance, so the attributes move.
func (g *geometry) draw(b *batch) {
	m := g.of[b.detail][b.shape]
	for i := 0; i < instanceVectors; i++ {
		gl.VertexAttribPointerWithOffset(uint32(instanceAt+i), 4, gl.FLOAT, false, instanceBytes,
			uintptr(b.first*instanceBytes+16*i))
	}
	gl.DrawElementsInstanced(gl.TRIANGLES, m.count, gl.UNSIGNED_SHORT, gl.PtrOffset(int(m.first)*2), int32(b.count))
}

func (g *geometry) delete() {
	gl.DeleteVertexArrays(1, &g.array)
	gl.DeleteBuffers(int32(len(g.buffers)), &g.buffers[0])
}
