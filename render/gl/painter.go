package gl

import (
	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// painter holds the GL objects. All its methods run on the rendering thread.
type painter struct {
	geoms       variants
	depth, sky  *program
	geometry    *geometry
	frameBuffer uint32
	textures    textures
	shadows     shadowMaps

	list  list
	frame frame
}

func newPainter() (*painter, error) {
	p := &painter{
		geoms:    variants{},
		geometry: newGeometry(),
		list:     list{ghosts: map[int]mean{}},
		frame:    frame{block: new(frameBlock)},
	}
	gl.GenBuffers(1, &p.frameBuffer)
	var err error
	if p.depth, err = newProgram("shadow", ""); err == nil {
		p.sky, err = newProgram("sky", "", "unproject")
	}
	if err == nil {
		err = glError("setting up")
	}
	if err != nil {
		p.delete()
		return nil, err
	}
	gl.Enable(gl.CULL_FACE)
	gl.Enable(gl.DEPTH_TEST)
	gl.Enable(gl.TEXTURE_CUBE_MAP_SEAMLESS)
	gl.BlendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA)
	gl.PolygonOffset(1.5, 2)
	return p, nil
}

// paint draws the scene into an empty target, filling it.
func (p *painter) paint(t *target, s *render.Scene, c render.Camera) error {
	p.textures.tick()
	p.geometry.solids.tick()
	if err := p.frame.fill(s, c, t.width, t.height); err != nil {
		return err
	}
	if err := p.list.take(s, &p.frame.view); err != nil {
		return err
	}
	size := shadowSize(t.height)
	if p.frame.aim(s, p.list.items, size) {
		p.frame.lighting.soft = t.height > observation
		p.list.cast(s, float64(p.frame.block.shadow[1]))
	} else {
		p.frame.lighting.caster = -1
	}
	p.list.arrange(s, &p.frame.view)
	p.geometry.upload(p.list.instances)
	p.frame.upload(p.frameBuffer)
	if p.frame.lighting.caster >= 0 {
		if err := p.castShadows(size); err != nil {
			return err
		}
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, t.draw)
	gl.Viewport(0, 0, int32(t.width), int32(t.height))
	gl.FrontFace(gl.CW) // the picture is upside down in GL's eyes
	opaque, rest := p.list.batches[:p.list.opaque], p.list.batches[p.list.opaque:]
	if err := p.draw(s, opaque); err != nil {
		return err
	}
	p.drawSky(t)
	if err := p.drawTranslucent(s, rest); err != nil {
		return err
	}
	return glError("drawing")
}

// castShadows draws the shadow map.
func (p *painter) castShadows(size int32) error {
	m, err := p.shadows.get(size)
	if err != nil {
		return err
	}
	gl.ActiveTexture(gl.TEXTURE0 + shadowUnit)
	gl.BindTexture(gl.TEXTURE_2D, m.depthTex)
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.fbo)
	gl.Viewport(0, 0, m.size, m.size)
	gl.FrontFace(gl.CCW)
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	gl.Enable(gl.POLYGON_OFFSET_FILL)
	p.depth.use()
	for i := range p.list.shadows {
		if err := p.geometry.draw(&p.list.shadows[i]); err != nil {
			return err
		}
	}
	gl.Disable(gl.POLYGON_OFFSET_FILL)
	return nil
}

// draw draws batches with the program each needs.
func (p *painter) draw(s *render.Scene, batches []batch) error {
	for i := range batches {
		b := &batches[i]
		program, err := p.geoms.get(variant{b.surface, p.frame.lighting})
		if err != nil {
			return err
		}
		program.use()
		if b.texture > 0 {
			if err := p.textures.bind(&s.Textures[b.texture-1]); err != nil {
				return err
			}
		}
		if err := p.geometry.draw(b); err != nil {
			return err
		}
	}
	return nil
}

// drawTranslucent blends each group over what is behind it. A group's depth is
// written first, so that only its nearest surface is seen, and alpha is not
// written, so that the picture stays opaque.
func (p *painter) drawTranslucent(s *render.Scene, rest []batch) error {
	if len(rest) == 0 {
		return nil
	}
	gl.DepthFunc(gl.LEQUAL)
	gl.Enable(gl.BLEND)
	defer func() {
		gl.Disable(gl.BLEND)
		gl.Disable(gl.POLYGON_OFFSET_FILL)
		gl.DepthFunc(gl.LESS)
		gl.DepthMask(true)
		gl.ColorMask(true, true, true, true)
	}()
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && rest[n].group == rest[0].group {
			n++
		}
		if rest[0].group < 0 { // where a ghost is where the real thing is, that is seen
			gl.Enable(gl.POLYGON_OFFSET_FILL)
		}
		gl.ColorMask(false, false, false, false)
		gl.DepthMask(true)
		if err := p.draw(s, rest[:n]); err != nil {
			return err
		}
		gl.ColorMask(true, true, true, false)
		gl.DepthMask(false)
		if err := p.draw(s, rest[:n]); err != nil {
			return err
		}
		gl.Disable(gl.POLYGON_OFFSET_FILL)
		rest = rest[n:]
	}
	return nil
}

func (p *painter) delete() {
	p.geoms.delete()
	for _, program := range []*program{p.depth, p.sky} {
		if program != nil {
			program.delete()
		}
	}
	p.geometry.delete()
	gl.DeleteBuffers(1, &p.frameBuffer)
	p.textures.delete()
	p.shadows.delete()
}
