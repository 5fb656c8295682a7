package gl

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// shadowMap is a square depth image seen from the light.
type shadowMap struct {
	size          int32
	fbo, depthTex uint32
}

// shadowMaps are made when first needed, one of each size, so that
// observations do not pay for the window's resolution.
type shadowMaps struct {
	of map[int32]*shadowMap
}

// observation is the height up to which a picture is an observation: its pixels are
// as coarse as the map's, and edges need no softening.
const observation = 96

// shadowSize is the side of the map for a picture of some height.
func shadowSize(height int) int32 {
	switch {
	case height <= observation:
		return 128
	case height <= 320:
		return 512
	case height <= 1200:
		return 1024
	}
	return 2048
}

func (ms *shadowMaps) get(size int32) (*shadowMap, error) {
	if m, ok := ms.of[size]; ok {
		return m, nil
	}
	m := &shadowMap{size: size}
	gl.GenTextures(1, &m.depthTex)
	gl.ActiveTexture(gl.TEXTURE0 + shadowUnit)
	gl.BindTexture(gl.TEXTURE_2D, m.depthTex)
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.DEPTH_COMPONENT24, size, size, 0, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, nil)
	for name, value := range map[uint32]int32{
		gl.TEXTURE_MIN_FILTER:   gl.LINEAR,
		gl.TEXTURE_MAG_FILTER:   gl.LINEAR,
		gl.TEXTURE_WRAP_S:       gl.CLAMP_TO_EDGE,
		gl.TEXTURE_WRAP_T:       gl.CLAMP_TO_EDGE,
		gl.TEXTURE_COMPARE_MODE: gl.COMPARE_REF_TO_TEXTURE,
		gl.TEXTURE_COMPARE_FUNC: gl.LEQUAL,
	} {
		gl.TexParameteri(gl.TEXTURE_2D, name, value)
	}
	gl.GenFramebuffers(1, &m.fbo)
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.fbo)
	gl.FramebufferTexture2D(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.TEXTURE_2D, m.depthTex, 0)
	gl.DrawBuffer(gl.NONE)
	gl.ReadBuffer(gl.NONE)
	if err := complete(int(size), int(size), 0); err != nil {
		m.delete()
		return nil, err
	}
	if ms.of == nil {
		ms.of = map[int32]*shadowMap{}
	}
	ms.of[size] = m
	return m, nil
}

func (m *shadowMap) delete() {
	gl.DeleteFramebuffers(1, &m.fbo)
	gl.DeleteTextures(1, &m.depthTex)
}

func (ms *shadowMaps) delete() {
	for _, m := range ms.of {
		m.delete()
	}
	ms.of = nil
}

// castersBox returns the box around everything that casts, cut to what is
// near the scene's middle; ok is false when there is nothing.
func castersBox(s *render.Scene, items []item) (lo, hi [3]float64, ok bool) {
	for i := range lo {
		lo[i], hi[i] = math.Inf(1), math.Inf(-1)
	}
	for _, it := range items {
		if !it.layer.casts() {
			continue
		}
		g := &s.Geoms[it.geom]
		for i, p := range g.Pos {
			r := float64(halfExtent(g, i))
			lo[i], hi[i] = min(lo[i], float64(p)-r), max(hi[i], float64(p)+r)
		}
	}
	if s.Extent > 0 {
		for i, c := range s.Centre {
			lo[i] = max(lo[i], float64(c-2*s.Extent))
			hi[i] = min(hi[i], float64(c+2*s.Extent))
		}
	}
	return lo, hi, lo[0] < hi[0] && lo[1] < hi[1] && lo[2] < hi[2]
}

// halfExtent bounds a geom's size along a world axis.
func halfExtent(g *render.Geom, axis int) float32 {
	if g.Shape == render.Sphere {
		return g.Size[0]
	}
	var r float32
	for k, size := range halfSizes(g) {
		r += size * float32(math.Abs(float64(g.Mat[3*axis+k])))
	}
	return r
}

// halfSizes is the largest extent of a geom on either side along its own axes.
func halfSizes(g *render.Geom) [3]float32 {
	r := g.Size[0]
	switch g.Shape {
	case render.Sphere:
		return [3]float32{r, r, r}
	case render.Capsule:
		return [3]float32{r, r, g.Size[2] + r}
	case render.Cylinder:
		return [3]float32{r, r, g.Size[2]}
	case render.Arrow:
		return [3]float32{render.ArrowHeadRadius * r, render.ArrowHeadRadius * r, g.Size[2]}
	case render.Meshed:
		var half [3]float32
		for k := range half {
			half[k] = max(g.Mesh.Hi[k], -g.Mesh.Lo[k], 0)
		}
		return half
	}
	return g.Size
}

// aim points the map along the light at the casters. The map's edges move in
// steps and its texels stay in place, so that shadows do not crawl when things
// move. It reports whether there is anything to cast.
func (f *frame) aim(s *render.Scene, items []item, size int32) bool {
	if f.lighting.caster < 0 {
		return false
	}
	lo, hi, ok := castersBox(s, items)
	if !ok {
		return false
	}
	var middle, half [3]float64
	for i := range lo {
		middle[i], half[i] = (lo[i]+hi[i])/2, (hi[i]-lo[i])/2
	}
	var m render.Mat4
	var texel float64
	if l := s.Lights[f.lighting.caster]; l.Directional {
		m, texel = aimParallel(l, middle, half, size)
	} else {
		m, texel = aimPoint(l, middle, half, size)
	}
	toMap := render.Mat4{0: 0.5, 5: 0.5, 10: 0.5, 12: 0.5, 13: 0.5, 14: 0.5, 15: 1}
	f.block.shadowProj = toMap.Mul(m).Float32()
	f.block.shadow[0], f.block.shadow[1] = 1/float32(size), float32(texel)
	return true
}

func aimParallel(l render.Light, middle, half [3]float64, size int32) (m render.Mat4, texel float64) {
	view := looking(l.Dir)
	width := stepUp(1.02 * max(extentAlong(view.Right, half), extentAlong(view.Up, half)))
	depth := 1.02 * extentAlong(view.Forward, half)
	texel = 2 * width / float64(size)
	right, up := texel*math.Round(along(view.Right, middle)/texel), texel*math.Round(along(view.Up, middle)/texel)
	back := along(view.Forward, middle) - depth
	for i := range view.Eye {
		view.Eye[i] = right*view.Right[i] + up*view.Up[i] + back*view.Forward[i]
	}
	width += texel // for the rounding
	return render.Orthographic(width, width, 0, 2*depth).Mul(view.View()), texel
}

func aimPoint(l render.Light, middle, half [3]float64, size int32) (m render.Mat4, texel float64) {
	var dir [3]float32
	for i := range dir {
		dir[i] = float32(middle[i]) - l.Pos[i]
	}
	view := looking(dir)
	for i, p := range l.Pos {
		view.Eye[i] = float64(p)
	}
	radius := math.Hypot(half[0], math.Hypot(half[1], half[2]))
	distance := max(along(view.Forward, middle)-along(view.Forward, view.Eye), radius/10)
	slope := 2.5 // of a light amid the casters
	if distance > 1.1*radius {
		slope = min(slope, math.Tan(math.Asin(radius/distance)))
	}
	near, far := max(distance-radius, distance/50), distance+radius
	fov := 2 * math.Atan(slope) * 180 / math.Pi
	return render.Perspective(fov, 1, near, far).Mul(view.View()), 2 * slope * distance / float64(size)
}

// looking returns axes along a direction; straight down if there is none.
func looking(dir [3]float32) render.Frame {
	d := [3]float64{float64(dir[0]), float64(dir[1]), float64(dir[2])}
	c := render.Camera{
		Azimuth:   math.Atan2(d[1], d[0]) * 180 / math.Pi,
		Elevation: math.Atan2(d[2], math.Hypot(d[0], d[1])) * 180 / math.Pi,
	}
	if d == [3]float64{} {
		c.Elevation = -90
	}
	return c.Frame()
}

// stepUp rounds up to a power of 2^¼.
func stepUp(x float64) float64 { return math.Exp2(math.Ceil(4*math.Log2(x)) / 4) }

func along(axis, v [3]float64) float64 { return axis[0]*v[0] + axis[1]*v[1] + axis[2]*v[2] }

// extentAlong is the half length of a box of half sizes along an axis.
func extentAlong(axis, half [3]float64) float64 {
	return math.Abs(axis[0])*half[0] + math.Abs(axis[1])*half[1] + math.Abs(axis[2])*half[2]
}
