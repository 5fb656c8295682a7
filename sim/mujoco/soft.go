package mujoco

// #include "mj.h"
import "C"

import (
	"slices"
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// soft is the present surface of a skin or of a flexible body, about its middle; nil
// if its numbers make none.
func (s *Scene) soft(g *C.mjx_geom) (mesh *render.Mesh, middle [3]float32) {
	d := C.mjx_soft(s.m.p, s.p, g)
	n := int(d.nvertex)
	vertices := slices.Clone(view[[3]float32](unsafe.Pointer(d.vertices), n))
	normals := slices.Clone(view[[3]float32](unsafe.Pointer(d.normals), n))
	var texcoords [][2]float32
	if d.texcoords != nil {
		texcoords = slices.Clone(view[[2]float32](unsafe.Pointer(d.texcoords), n))
	}
	mesh, err := render.NewMesh(s.softName(g), vertices, normals, texcoords, s.softFaces(g, &d))
	if err != nil {
		return nil, middle
	}
	for k := range middle {
		middle[k] = (mesh.Lo[k] + mesh.Hi[k]) / 2
		mesh.Lo[k], mesh.Hi[k] = mesh.Lo[k]-middle[k], mesh.Hi[k]-middle[k]
	}
	for i := range vertices {
		for k := range middle {
			vertices[i][k] -= middle[k]
		}
	}
	return mesh, middle
}

func (s *Scene) softName(g *C.mjx_geom) string {
	return C.GoString(C.mjx_name(s.m.p, C.int(g.object), C.int(g.id)))
}

// softFaces are made once: a skin's never change, and a flexible body's are its
// vertices in turn, of which there may be more or less.
func (s *Scene) softFaces(g *C.mjx_geom, d *C.mjx_soft_data) [][3]uint32 {
	key, n := [2]C.int32_t{g.object, g.id}, int(d.nface)
	faces := s.faces[key]
	if d.faces == nil {
		for i := uint32(len(faces)); i < uint32(n); i++ {
			faces = append(faces, [3]uint32{3 * i, 3*i + 1, 3*i + 2})
		}
	} else if faces == nil {
		for _, f := range view[[3]C.int](unsafe.Pointer(d.faces), n) {
			faces = append(faces, [3]uint32{uint32(f[0]), uint32(f[1]), uint32(f[2])})
		}
	}
	s.faces[key] = faces
	return faces[:n]
}
