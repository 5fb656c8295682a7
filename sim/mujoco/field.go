package mujoco

// #include "mj.h"
import "C"

import (
	"math"
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// finest is how many points of a height field are drawn along a side, at most.
const finest = 256

// field is a height field: elevations over a grid, rows along y.
type field struct {
	rows, columns int
	data          []float32  // rows×columns in [0, 1], from −x, −y
	size          [4]float64 // half sizes along x and y, elevation of 1, depth of the base, m
}

// readField makes a surface of a height field: the ground and its four walls.
func readField(p *C.mjModel, id int) *render.Mesh {
	n := id + 1
	f := field{
		rows: indices(p.hfield_nrow, n)[id], columns: indices(p.hfield_ncol, n)[id],
		size: view[[4]float64](unsafe.Pointer(p.hfield_size), n)[id],
	}
	first := indices(p.hfield_adr, n)[id]
	f.data = view[float32](unsafe.Pointer(p.hfield_data), first+f.rows*f.columns)[first:]
	b := &builder{}
	us, vs := samples(f.columns), samples(f.rows)
	f.ground(b, us, vs)
	f.walls(b, us, vs)
	return b.mesh(C.GoString(C.mjx_name(p, C.mjOBJ_HFIELD, C.int(id))))
}

// samples picks points of 0 … n−1, the ends included.
func samples(n int) []int {
	count := min(n, finest)
	out := make([]int, count)
	for i := range out {
		out[i] = i * (n - 1) / max(count-1, 1)
	}
	return out
}

func (f *field) at(u, v int) [3]float32 {
	along := func(i, n int, half float64) float32 { return float32(half * (2*float64(i)/float64(max(n-1, 1)) - 1)) }
	z := float64(f.data[v*f.columns+u]) * f.size[2]
	return [3]float32{along(u, f.columns, f.size[0]), along(v, f.rows, f.size[1]), float32(z)}
}

// ground is the elevations' surface, seen from above.
func (f *field) ground(b *builder, us, vs []int) {
	for j := range vs {
		for i := range us {
			b.vertices = append(b.vertices, f.at(us[i], vs[j]))
			b.normals = append(b.normals, f.normal(us, vs, i, j))
		}
	}
	w := len(us)
	for j := 1; j < len(vs); j++ {
		for i := 1; i < w; i++ {
			k := uint32(j*w + i)
			b.faces = append(b.faces, [3]uint32{k - 1 - uint32(w), k - uint32(w), k}, [3]uint32{k - 1 - uint32(w), k, k - 1})
		}
	}
}

// normal is by central differences.
func (f *field) normal(us, vs []int, i, j int) [3]float32 {
	left, right := f.at(us[max(i-1, 0)], vs[j]), f.at(us[min(i+1, len(us)-1)], vs[j])
	near, far := f.at(us[i], vs[max(j-1, 0)]), f.at(us[i], vs[min(j+1, len(vs)-1)])
	x := -float64(right[2]-left[2]) / max(float64(right[0]-left[0]), 1e-12)
	y := -float64(far[2]-near[2]) / max(float64(far[1]-near[1]), 1e-12)
	n := math.Sqrt(x*x + y*y + 1)
	return [3]float32{float32(x / n), float32(y / n), float32(1 / n)}
}

// walls go from the edges of the ground down to the base.
func (f *field) walls(b *builder, us, vs []int) {
	first, top, right := 0, f.rows-1, f.columns-1
	var south, north, west, east [][3]float32
	for i := range us {
		south = append(south, f.at(us[i], first))
		north = append(north, f.at(us[len(us)-1-i], top))
	}
	for j := range vs {
		east = append(east, f.at(right, vs[j]))
		west = append(west, f.at(first, vs[len(vs)-1-j]))
	}
	f.wall(b, south, [3]float32{0, -1, 0})
	f.wall(b, east, [3]float32{1, 0, 0})
	f.wall(b, north, [3]float32{0, 1, 0})
	f.wall(b, west, [3]float32{-1, 0, 0})
}

// wall hangs from an edge that goes to the right as seen from outside.
func (f *field) wall(b *builder, edge [][3]float32, normal [3]float32) {
	for i, p := range edge {
		foot := [3]float32{p[0], p[1], float32(-f.size[3])}
		b.vertices = append(b.vertices, p, foot)
		b.normals = append(b.normals, normal, normal)
		if k := uint32(len(b.vertices)); i > 0 {
			b.faces = append(b.faces, [3]uint32{k - 4, k - 3, k - 1}, [3]uint32{k - 4, k - 1, k - 2})
		}
	}
}
