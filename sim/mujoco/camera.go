package mujoco

// #include "mj.h"
import "C"

import (
	"math"
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// NCamera is the number of cameras that the file defines.
func (m *Model) NCamera() int { return int(m.p.ncam) }

// Camera is one of NCamera as it stands after Forward or Kinematics, and the body
// that it moves along with, 0 if it stays. It looks at the depth of the model's
// middle. A render.Camera cannot be tilted sideways: one that is comes out level.
func (d *Data) Camera(i int) (camera render.Camera, body int) {
	n, p := d.m.NCamera(), d.m.p
	extent, centre := d.m.extent()
	eye := view[[3]float64](unsafe.Pointer(d.p.cam_xpos), n)[i]
	mat := view[[9]float64](unsafe.Pointer(d.p.cam_xmat), n)[i]
	forward, depth := [3]float64{-mat[2], -mat[5], -mat[8]}, 0.0
	for k, f := range forward {
		depth += f * (centre[k] - eye[k])
	}
	c := render.Camera{Distance: min(max(depth, extent/2), 10*extent), FovY: view[float64](unsafe.Pointer(p.cam_fovy), n)[i]}
	c.Azimuth, c.Elevation = angles(mat, forward)
	for k, f := range forward {
		c.LookAt[k] = eye[k] + c.Distance*f
	}
	if mode := C.int(unsafe.Slice(p.cam_mode, n)[i]); mode != C.mjCAMLIGHT_FIXED && mode != C.mjCAMLIGHT_TARGETBODY {
		body = int(unsafe.Slice(p.cam_bodyid, n)[i])
	}
	return c, body
}

// extent is the size of the model and its middle, m. A file may give numbers that are
// none; it is then one metre big.
func (m *Model) extent() (size float64, centre [3]float64) {
	size = float64(m.p.stat.extent)
	sum := size
	for k, x := range m.p.stat.center {
		centre[k] = float64(x)
		sum += centre[k]
	}
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		size, centre = 0, [3]float64{}
	}
	if size <= 0 {
		size = 1
	}
	return size, centre
}

// angles are a camera's azimuth and elevation in degrees. The right-hand direction,
// (sin α, −cos α, 0) for a camera that is level, tells the azimuth even of one that
// looks straight down.
func angles(mat [9]float64, forward [3]float64) (azimuth, elevation float64) {
	if math.Hypot(mat[0], mat[3]) < 0.1 { // on its side
		azimuth = math.Atan2(forward[1], forward[0])
	} else {
		azimuth = math.Atan2(mat[0], -mat[3])
	}
	sin, cos := math.Sincos(azimuth)
	elevation = math.Atan2(forward[2], cos*forward[0]+sin*forward[1])
	return azimuth * 180 / math.Pi, elevation * 180 / math.Pi
}

// Overview is a camera aside of what moves, or of everything if nothing does, as it
// stands after Forward or Kinematics. It is never further away than MuJoCo's own free
// camera, which frames the whole model, endless floors and all.
func (d *Data) Overview() render.Camera {
	extent, centre := d.m.extent()
	c := render.Camera{LookAt: centre, Distance: 1.5 * extent, Azimuth: 120, Elevation: -25, FovY: float64(d.m.p.vis.global.fovy)}
	if c.FovY <= 0 || c.FovY >= 180 {
		c.FovY = 0
	}
	lo, hi, n := d.moving()
	if n == 0 {
		return c
	}
	radius := 0.0
	for k := range lo {
		radius = math.Hypot(radius, (hi[k]-lo[k])/2)
	}
	if n == 1 { // a ball alone tells nothing: show where it is
		radius *= 4
	}
	if near := 1.3 * radius / math.Sin(c.Fov()*math.Pi/360); near < c.Distance {
		c.Distance = near
		for k := range lo {
			c.LookAt[k] = (lo[k] + hi[k]) / 2
		}
	}
	return c
}

// moving is the box around the n visible geoms that joints can move.
func (d *Data) moving() (lo, hi [3]float64, n int) {
	m, p := d.m, d.m.p
	welded, groups := indices(p.body_weldid, m.NBody), indices(p.geom_group, m.NGeom)
	radii := view[float64](unsafe.Pointer(p.geom_rbound), m.NGeom)
	for i, at := range d.GeomPos {
		if welded[m.GeomBody(i)] == 0 || groups[i] > 2 || radii[i] <= 0 {
			continue
		}
		for k, x := range at {
			if n == 0 {
				lo[k], hi[k] = x-radii[i], x+radii[i]
			}
			lo[k], hi[k] = min(lo[k], x-radii[i]), max(hi[k], x+radii[i])
		}
		n++
	}
	return lo, hi, n
}

// NKey is the number of keyframes that the file defines.
func (m *Model) NKey() int { return int(m.p.nkey) }

// Key goes to one of NKey; derived quantities are not brought up to date.
func (d *Data) Key(i int) {
	p, m := d.m.p, d.m
	copy(d.QPos, view[float64](unsafe.Pointer(p.key_qpos), m.NQ*(i+1))[m.NQ*i:])
	copy(d.QVel, view[float64](unsafe.Pointer(p.key_qvel), m.NV*(i+1))[m.NV*i:])
	copy(d.Act, view[float64](unsafe.Pointer(p.key_act), m.NA*(i+1))[m.NA*i:])
	copy(d.Ctrl, view[float64](unsafe.Pointer(p.key_ctrl), m.NU*(i+1))[m.NU*i:])
	copy(d.MocapPos, view[[3]float64](unsafe.Pointer(p.key_mpos), m.NMocap*(i+1))[m.NMocap*i:])
	copy(d.MocapQuat, view[[4]float64](unsafe.Pointer(p.key_mquat), m.NMocap*(i+1))[m.NMocap*i:])
}
