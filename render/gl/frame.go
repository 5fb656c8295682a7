package gl

import (
	"fmt"
	"math"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// maxLights is MAX_LIGHTS of frame.glsl, without the headlight.
const maxLights = 8

// lightBlock and frameBlock lie in memory as std140 wants them.
type lightBlock struct {
	place, diffuse, specular [4]float32
}

type frameBlock struct {
	viewProj, shadowProj                  [16]float32
	eye, ambient, horizon, zenith, shadow [4]float32
	head                                  lightBlock
	lights                                [maxLights]lightBlock
}

// Distances in units of the scene's extent, as MuJoCo's visual defaults are.
const (
	nearPlane = 0.01
	farPlane  = 50
	fadeAt    = 6
)

// minAmbient keeps what no light reaches from being black.
const minAmbient = 0.04

// frame is everything about a picture but the geoms.
type frame struct {
	block     *frameBlock // apart, because C may not see our pointers
	view      lens
	unproject [16]float32 // clip → world directions, for the sky
	lighting  lighting
}

// fill sets all but the shadow map's own numbers, for a picture of the given
// size in pixels.
func (f *frame) fill(s *render.Scene, c render.Camera, width, height int) error {
	extent := float64(s.Extent)
	if extent <= 0 {
		extent = c.Distance
	}
	near := nearPlane * min(extent, c.Distance)
	far := max(farPlane*extent, 4*c.Distance)

	f.view = lens{Frame: c.Frame(), near: near, reach: float32(far), look: c.Distance}
	projection := c.Projection(float64(width)/float64(height), near, far)
	f.view.scale = projection[5] * float64(height) / 2
	f.view.slope = [2]float64{1 / projection[0], 1 / projection[5]}
	flip := render.Mat4{0: 1, 5: -1, 10: 1, 15: 1} // rows are read top first
	f.block.viewProj = flip.Mul(projection).Mul(f.view.View()).Float32()
	f.block.eye = vec4(f.view.Eye, 1)
	f.unproject = unproject(f.view.Frame, projection)

	horizon, zenith := s.Sky[0], s.Sky[1]
	if horizon == [3]float32{} && zenith == [3]float32{} {
		horizon, zenith = [3]float32{0.80, 0.86, 0.92}, [3]float32{0.42, 0.58, 0.76}
	}
	f.block.horizon = linear(horizon, float32(1/(fadeAt*max(extent, c.Distance))))
	f.block.zenith = linear(zenith, 0)
	return f.fillLights(s)
}

// unproject takes clip coordinates, y down, to directions from the eye.
func unproject(v render.Frame, p render.Mat4) [16]float32 {
	var m render.Mat4
	for i := 0; i < 3; i++ {
		m[i] = v.Right[i] / p[0]
		m[4+i] = -v.Up[i] / p[5]
		m[12+i] = v.Forward[i]
	}
	return m.Float32()
}

// lighting is what programs are compiled for.
type lighting struct {
	head   bool
	lights int
	caster int  // index in Scene.Lights of the light that casts, −1 none
	soft   bool // its shadows get soft edges
}

// fillLights sums up the ambient terms. The first light that casts shadow does.
func (f *frame) fillLights(s *render.Scene) error {
	if len(s.Lights) > maxLights {
		return fmt.Errorf("gl: %d lights, at most %d", len(s.Lights), maxLights)
	}
	head := s.Head
	if isDark(head) && len(s.Lights) == 0 {
		head.Ambient = [3]float32{0.2, 0.2, 0.2}
		head.Diffuse = [3]float32{0.7, 0.7, 0.7}
		head.Specular = [3]float32{0.3, 0.3, 0.3}
	}
	f.lighting = lighting{head: !isDark(head), lights: len(s.Lights), caster: -1}
	f.block.head = newLightBlock(head)
	f.block.ambient = [4]float32{minAmbient, minAmbient, minAmbient}
	f.addAmbient(head)
	for i, l := range s.Lights {
		f.block.lights[i] = newLightBlock(l)
		f.addAmbient(l)
		if l.CastShadow && f.lighting.caster < 0 {
			f.lighting.caster = i
		}
	}
	return nil
}

func (f *frame) addAmbient(l render.Light) {
	for i, a := range l.Ambient {
		f.block.ambient[i] += a
	}
}

func newLightBlock(l render.Light) lightBlock {
	b := lightBlock{diffuse: pad(l.Diffuse), specular: pad(l.Specular)}
	b.place = [4]float32{l.Pos[0], l.Pos[1], l.Pos[2], 1}
	if l.Directional {
		b.place = [4]float32{-l.Dir[0], -l.Dir[1], -l.Dir[2], 0}
	}
	return b
}

func isDark(l render.Light) bool {
	none := [3]float32{}
	return l.Ambient == none && l.Diffuse == none && l.Specular == none
}

// upload makes the block current for all programs.
func (f *frame) upload(buffer uint32) {
	gl.BindBufferBase(gl.UNIFORM_BUFFER, frameBinding, buffer)
	gl.BufferData(gl.UNIFORM_BUFFER, int(unsafe.Sizeof(*f.block)), unsafe.Pointer(f.block), gl.STREAM_DRAW)
}

func pad(c [3]float32) [4]float32 { return [4]float32{c[0], c[1], c[2], 0} }

// linear is the function of tone.glsl.
func linear(c [3]float32, w float32) [4]float32 {
	return [4]float32{c[0] * c[0], c[1] * c[1], c[2] * c[2], w}
}

func vec4(v [3]float64, w float32) [4]float32 {
	return [4]float32{float32(v[0]), float32(v[1]), float32(v[2]), w}
}

func finite(v ...float64) bool {
	sum := 0.0
	for _, x := range v {
		sum += x - x
	}
	return !math.IsNaN(sum)
}
