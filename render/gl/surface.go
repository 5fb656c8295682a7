package gl

import (
	"fmt"
	"strings"

	"github.com/latco-studio/latco/render"
)

// surface is what a geom's program must be able to do.
type surface uint8

const (
	textured surface = 1 << iota
	glossy
	mirror
	unbounded
	wrapped
	mapped
)

// carriedLights is how many lights may hand their colours from vertices to pixels,
// which GL 3.3 lets 60 numbers pass.
const carriedLights = 2

// surfaceDefines are the names of geom.frag.glsl for the bits.
var surfaceDefines = []string{"TEXTURED", "GLOSSY", "MIRROR", "ENDLESS", "WRAPPED", "MAPPED"}

func surfaceOf(g *render.Geom, s *render.Scene) (f surface) {
	switch {
	case g.Texture == 0:
	case s.Textures[g.Texture-1].Cube:
		f |= wrapped
	case g.Shape == render.Meshed:
		f |= textured | mapped
	default:
		f |= textured
	}
	if g.Specular > 0 {
		f |= glossy
	}
	if g.Reflectance > 0 {
		f |= mirror
	}
	if g.Shape == render.Plane && (g.Size[0] <= 0 || g.Size[1] <= 0) {
		f |= unbounded
	}
	return f
}

// variant is what a program is compiled for.
type variant struct {
	surface  surface
	lighting lighting
}

func (v variant) defines() string {
	var b strings.Builder
	for i, name := range surfaceDefines {
		if v.surface&(1<<i) != 0 {
			fmt.Fprintf(&b, "#define %s\n", name)
		}
	}
	if v.lighting.head {
		b.WriteString("#define HEAD\n")
	}
	fmt.Fprintf(&b, "#define LIGHTS %d\n", v.lighting.lights)
	if v.lighting.lights <= carriedLights {
		b.WriteString("#define CARRIED\n")
	}
	if v.lighting.caster >= 0 {
		fmt.Fprintf(&b, "#define CASTER %d\n", v.lighting.caster)
	}
	if v.lighting.soft {
		b.WriteString("#define SOFT\n")
	}
	return b.String()
}

// variants are compiled when first needed: a task uses two or three.
type variants map[variant]*program

func (vs variants) get(v variant) (*program, error) {
	if p, ok := vs[v]; ok {
		return p, nil
	}
	p, err := newProgram("geom", v.defines(), "image", "cube", "shadowMap")
	if err != nil {
		return nil, err
	}
	p.use()
	p.setInt("image", imageUnit)
	p.setInt("cube", cubeUnit)
	p.setInt("shadowMap", shadowUnit)
	vs[v] = p
	return p, nil
}

func (vs variants) delete() {
	for v, p := range vs {
		p.delete()
		delete(vs, v)
	}
}
