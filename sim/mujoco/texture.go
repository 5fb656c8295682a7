package mujoco

// #include "mj.h"
import "C"

import (
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// images is what Load keeps of the model's textures.
type images struct {
	all   []render.Texture // those of surfaces
	index []int            // of every texture in all plus one; 0 for skyboxes
	sky   [2][3]float32    // a skybox at the horizon and overhead; black if there is none
}

// widest is how many pixels wide a texture may be; others are thinned out.
const widest = 4096

func readImages(p *C.mjModel) images {
	n := int(p.ntex)
	types := indices(p.tex_type, n)
	out := images{index: make([]int, n)}
	for i := range n {
		t := texture(p, i)
		if len(t.Pix) == 0 {
			continue
		}
		if types[i] == C.mjTEXTURE_SKYBOX {
			out.sky = skyColours(&t)
			continue
		}
		t.Cube = types[i] == C.mjTEXTURE_CUBE
		out.all = append(out.all, t)
		out.index[i] = len(out.all)
	}
	return out
}

// texture has three bytes a pixel, whatever the model has.
func texture(p *C.mjModel, id int) render.Texture {
	width, height := indices(p.tex_width, id+1)[id], indices(p.tex_height, id+1)[id]
	var channels C.int
	from := C.mjx_texture(p, C.int(id), &channels)
	step := int(channels)
	source := unsafe.Slice((*byte)(unsafe.Pointer(from)), width*height*step)
	by := 1
	for width/by > widest || height/by > 6*widest {
		by *= 2
	}
	t := render.Texture{
		Name:  C.GoString(C.mjx_name(p, C.mjOBJ_TEXTURE, C.int(id))),
		Width: width / by, Height: height / by,
	}
	t.Pix = make([]byte, 0, 3*t.Width*t.Height)
	for y := range t.Height {
		for x := range t.Width {
			at := (y*width + x) * by * step
			for c := range 3 {
				t.Pix = append(t.Pix, source[at+min(c, step-1)])
			}
		}
	}
	return t
}

// skyColours looks at a skybox's square faces, stored one under the other: right,
// left, up, down, front, back; or at the one that all have in common. The horizon is
// half way up the sides, seen all around.
func skyColours(t *render.Texture) (sky [2][3]float32) {
	side := t.Width
	up, sides := 2, []int{0, 1, 4, 5}
	if t.Height < 6*side {
		up, sides = 0, []int{0}
	}
	var horizon, zenith mean
	for _, face := range sides {
		for x := range side {
			horizon.add(t, x, face*side+side/2)
		}
	}
	for d := -side / 16; d <= side/16; d++ {
		zenith.add(t, side/2+d, up*side+side/2)
	}
	return [2][3]float32{horizon.colour(), zenith.colour()}
}

// mean is of the pixels added.
type mean struct {
	sum [3]float32
	n   float32
}

func (m *mean) add(t *render.Texture, x, y int) {
	at := 3 * (y*t.Width + x)
	if x < 0 || x >= t.Width || at+3 > len(t.Pix) {
		return
	}
	for k := range m.sum {
		m.sum[k] += float32(t.Pix[at+k]) / 255
	}
	m.n++
}

func (m *mean) colour() (c [3]float32) {
	for k := range c {
		c[k] = m.sum[k] / max(m.n, 1)
	}
	return c
}
