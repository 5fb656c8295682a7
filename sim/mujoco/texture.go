package mujoco

// #include "mj.h"
import "C"

import (
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// images is what Load keeps of the model's textures.
type images struct {
	flat  []render.Texture // the two-dimensional ones
	index []int            // of every texture in flat plus one; 0 for other kinds
	sky   [2][3]float32    // a skybox at the horizon and overhead; without one, haze and fog
}

func readImages(p *C.mjModel) images {
	n := int(p.ntex)
	widths, heights, types := indices(p.tex_width, n), indices(p.tex_height, n), indices(p.tex_type, n)
	out := images{index: make([]int, n), sky: [2][3]float32{rgb(p.vis.rgba.haze), rgb(p.vis.rgba.fog)}}
	for i := range n {
		switch types[i] {
		case C.mjTEXTURE_2D:
			out.flat = append(out.flat, render.Texture{
				Name:  C.GoString(C.mjx_name(p, C.mjOBJ_TEXTURE, C.int(i))),
				Width: widths[i], Height: heights[i], Pix: pixels(p, i, widths[i], heights[i]),
			})
			out.index[i] = len(out.flat)
		case C.mjTEXTURE_SKYBOX:
			out.sky = skyColours(pixels(p, i, widths[i], heights[i]), widths[i])
		}
	}
	return out
}

func rgb(c [4]C.float) [3]float32 { return [3]float32{float32(c[0]), float32(c[1]), float32(c[2])} }

// pixels returns three bytes a pixel, whatever the texture has.
func pixels(p *C.mjModel, id, width, height int) []byte {
	var channels C.int
	from := C.mjx_texture(p, C.int(id), &channels)
	n, step := width*height, int(channels)
	source := unsafe.Slice((*byte)(unsafe.Pointer(from)), n*step)
	pix := make([]byte, 3*n)
	for i := range n {
		for c := range 3 {
			pix[3*i+c] = source[i*step+min(c, step-1)]
		}
	}
	return pix
}

// skyColours looks at a skybox's six square faces, stored one under the other:
// right, left, up, down, front, back.
func skyColours(pix []byte, side int) (sky [2][3]float32) {
	at := func(face int) (c [3]float32) {
		i := 3 * (face*side*side + side/2*side + side/2)
		for k := range c {
			c[k] = float32(pix[i+k]) / 255
		}
		return c
	}
	return [2][3]float32{at(4), at(2)}
}
