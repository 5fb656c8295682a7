package gl

import (
	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// painter holds the GL objects. All its methods run on the rendering thread.
type painter struct {
	geoms, depth, sky *program
	geometry          *geometry
	frameBuffer       uint32
	textures          textures
	shadows           shadowMaps

	list  list
	frame frame
}

func newPainter() (*painter, error) {
	p := &painter{list: list{ghosts: map[int]mean{}}, frame: frame{block: new(frameBlock)}}
	var err error
	if p.geoms, err = newProgram("geom", "image", "shadowMap", "textured", "endless"); err == nil {
		if p.depth, err = newProgram("shadow"); err == nil {
			p.sky, err = newProgram("sky", "unproject")
		}
	}
	if err != nil {
		p.delete()
		return nil, err
	}
	gl.UseProgram(p.geoms.id)
	gl.Uniform1i(p.geoms.uniforms["image"], imageUnit)
	gl.Uniform1i(p.geoms.uniforms["shadowMap"], shadowUnit)
	p.geometry = newGeometry()
	gl.GenBuffers(1, &p.frameBuffer)
	gl.Enable(gl.CULL_FACE)
	return p, glError("setting up")
}

// paint draws the scene into the target, filling it.
func (p *painter) paint(t *target, s *render.Scene, c render.Camera) error {
	p.textures.tick()
	if err := p.frame.fill(s, c, float64(t.width)/float64(t.height)); err != nil {
		return err
	}
	if err := p.list.fill(s, p.frame.view, p.frame.reach); err != nil {
		return err
	}
	for i := range s.Textures { // before drawing, so that an error draws nothing
		if _, err := p.textures.get(&s.Textures[i]); err != nil {
			return err
		}
	}
	level := fine
	if t.height <= 96 {
		level = coarse
	}
	p.geometry.upload(p.list.instances)
	if err := p.castShadows(s, t, level); err != nil {
		return err
	}

	gl.BindFramebuffer(gl.FRAMEBUFFER, t.draw)
	gl.Viewport(0, 0, int32(t.width), int32(t.height))
	gl.FrontFace(gl.CW) // the picture is upside down in GL's eyes
	gl.Clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
	gl.UseProgram(p.geoms.id)
	if err := p.draw(s, p.list.layer(casting), level); err != nil {
		return err
	}
	if err := p.draw(s, p.list.layer(receiving), level); err != nil {
		return err
	}
	p.drawSky()
	if err := p.drawTranslucent(s, level); err != nil {
		return err
	}
	return glError("drawing")
}

// castShadows draws the shadow map, if some light casts and something is in
// its way, and makes the frame's uniforms current.
func (p *painter) castShadows(s *render.Scene, t *target, level detail) error {
	m, err := p.shadows.get(shadowSize(t.height))
	if err != nil {
		return err
	}
	casts := p.frame.aim(s, p.list.casters(), m.size)
	if !casts {
		p.frame.block.shadow[0] = -1
	}
	p.frame.upload(p.frameBuffer)
	gl.ActiveTexture(gl.TEXTURE0 + shadowUnit)
	gl.BindTexture(gl.TEXTURE_2D, m.depthTex)
	gl.Enable(gl.DEPTH_TEST)
	gl.DepthFunc(gl.LESS)
	if !casts {
		return nil
	}
	gl.BindFramebuffer(gl.FRAMEBUFFER, m.fbo)
	gl.Viewport(0, 0, m.size, m.size)
	gl.FrontFace(gl.CCW)
	gl.Clear(gl.DEPTH_BUFFER_BIT)
	gl.UseProgram(p.depth.id)
	gl.Enable(gl.POLYGON_OFFSET_FILL)
	gl.PolygonOffset(1.5, 2)
	batches := p.list.layer(casting)
	for i := range batches {
		p.geometry.draw(&batches[i], level)
	}
	gl.Disable(gl.POLYGON_OFFSET_FILL)
	return nil
}

// draw draws batches with the present state.
func (p *painter) draw(s *render.Scene, batches []batch, level detail) error {
	for i := range batches {
		b := &batches[i]
		if b.texture > 0 {
			id, err := p.textures.get(&s.Textures[b.texture-1])
			if err != nil {
				return err
			}
			gl.ActiveTexture(gl.TEXTURE0 + imageUnit)
			gl.BindTexture(gl.TEXTURE_2D, id)
		}
		gl.Uniform1i(p.geoms.uniforms["textured"], toInt(b.texture > 0))
		gl.Uniform1i(p.geoms.uniforms["endless"], toInt(b.endless))
		p.geometry.draw(b, level)
	}
	return nil
}

// drawSky fills what is still empty.
func (p *painter) drawSky() {
	gl.UseProgram(p.sky.id)
	gl.UniformMatrix4fv(p.sky.uniforms["unproject"], 1, false, &p.frame.unproject[0])
	gl.DepthFunc(gl.LEQUAL)
	gl.Disable(gl.CULL_FACE)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
	gl.Enable(gl.CULL_FACE)
}

// drawTranslucent blends each group over what is behind it. A group's depth is
// written first, so that only its nearest surface is seen, and alpha is not
// written, so that the picture stays opaque.
func (p *painter) drawTranslucent(s *render.Scene, level detail) error {
	rest := p.list.layer(translucent)
	if len(rest) == 0 {
		return nil
	}
	gl.UseProgram(p.geoms.id)
	gl.DepthFunc(gl.LEQUAL)
	gl.Enable(gl.BLEND)
	gl.BlendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA)
	defer func() {
		gl.Disable(gl.BLEND)
		gl.DepthMask(true)
		gl.ColorMask(true, true, true, true)
	}()
	for len(rest) > 0 {
		n := 1
		for n < len(rest) && rest[n].group == rest[0].group {
			n++
		}
		group := rest[:n]
		rest = rest[n:]
		gl.ColorMask(false, false, false, false)
		gl.DepthMask(true)
		if err := p.draw(s, group, level); err != nil {
			return err
		}
		gl.ColorMask(true, true, true, false)
		gl.DepthMask(false)
		if err := p.draw(s, group, level); err != nil {
			return err
		}
	}
	return nil
}

func (p *painter) delete() {
	for _, program := range []*program{p.geoms, p.depth, p.sky} {
		if program != nil {
			program.delete()
		}
	}
	if p.geometry != nil {
		p.geometry.delete()
	}
	gl.DeleteBuffers(1, &p.frameBuffer)
	p.textures.delete()
	p.shadows.delete()
}

func toInt(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
