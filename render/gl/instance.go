package gl

import (
	"math"

	"github.com/latco-studio/latco/render"
)

// instance is what geom.vert.glsl reads for each geom.
type instance struct {
	rows     [3][4]float32 // rotation, position in the last column
	size     [4]float32    // scale, length
	rgba     [4]float32
	material [4]float32 // emission, specular, shininess, reflectance
	mapping  [4]float32 // texture scale, offset; of cubes the scale of three axes
}

const (
	instanceVectors = 7
	instanceBytes   = instanceVectors * 16
)

func newInstance(g *render.Geom, s *render.Scene, view *lens) instance {
	var in instance
	for i := range in.rows {
		in.rows[i] = [4]float32{g.Mat[3*i], g.Mat[3*i+1], g.Mat[3*i+2], g.Pos[i]}
	}
	in.size = size(g)
	in.rgba = g.RGBA
	in.material = [4]float32{g.Emission, g.Specular, g.Shininess, g.Reflectance}
	in.mapping = mapping(g, s)
	if g.Shape == render.Plane {
		in.unbound(view.Eye, view.reach)
	}
	return in
}

// size returns what the unit shape is scaled by, and its length.
func size(g *render.Geom) [4]float32 {
	r := g.Size[0]
	switch g.Shape {
	case render.Sphere:
		return [4]float32{r, r, r, 0}
	case render.Capsule, render.Cylinder:
		return [4]float32{r, r, r, g.Size[2]}
	case render.Arrow:
		r = g.ArrowRadius()
		return [4]float32{r, r, r, g.Size[2]}
	case render.Plane:
		return [4]float32{g.Size[0], g.Size[1], 1, 0}
	case render.Meshed:
		return [4]float32{1, 1, 1, 0}
	}
	return [4]float32{g.Size[0], g.Size[1], g.Size[2], 0}
}

// mapping maps local metres to texture repetitions. Per object, the texture is
// repeated over the whole extent; an endless plane has none and counts metres.
func mapping(g *render.Geom, s *render.Scene) [4]float32 {
	if g.Texture == 0 {
		return [4]float32{}
	}
	if s.Textures[g.Texture-1].Cube {
		return cubeMapping(g)
	}
	if g.Shape == render.Meshed && g.Mesh.TexCoords != nil {
		return [4]float32{1, 1, 0, 0}
	}
	var m [4]float32
	for i, repeat := range g.TexRepeat {
		if repeat == 0 {
			repeat = 1
		}
		extent := g.Size[i]
		if g.Shape == render.Sphere || g.Shape == render.Capsule || g.Shape == render.Cylinder {
			extent = g.Size[0]
		}
		if g.TexUniform || extent <= 0 {
			m[i] = repeat
		} else {
			m[i], m[2+i] = repeat/(2*extent), repeat/2
		}
	}
	return m
}

// cubeMapping scales local metres to directions in a cube. Unless it is uniform the
// cube is stretched around the geom.
func cubeMapping(g *render.Geom) [4]float32 {
	if g.TexUniform {
		return [4]float32{1, 1, 1, 0}
	}
	half := halfSizes(g)
	var m [4]float32
	for i, h := range half {
		m[i] = 1 / max(h, 1e-6)
	}
	return m
}

// unbound lets the endless directions of a plane reach as far as the camera
// sees: the rectangle moves along under the camera, the texture stays.
func (in *instance) unbound(eye [3]float64, reach float32) {
	for axis := 0; axis < 2; axis++ {
		if in.size[axis] > 0 {
			continue
		}
		in.size[axis] = reach
		shift := 0.0 // of the eye along this axis of the plane
		for i, row := range in.rows {
			shift += float64(row[axis]) * (eye[i] - float64(row[3]))
		}
		step := 1.0 // whole repetitions keep the texture in place
		if in.mapping[axis] != 0 {
			step = 1 / float64(in.mapping[axis])
		}
		shift = step * math.Round(shift/step)
		for i := range in.rows {
			in.rows[i][3] += in.rows[i][axis] * float32(shift)
		}
	}
}
