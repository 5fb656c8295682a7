package gl_test

import (
	"math"

	"github.com/latco-studio/latco/render"
)

var upright = [9]float32{1, 0, 0, 0, 1, 0, 0, 0, 1}

// turned is a rotation about x by a, then about z by b, degrees.
func turned(a, b float64) [9]float32 {
	sa, ca := math.Sincos(a * math.Pi / 180)
	sb, cb := math.Sincos(b * math.Pi / 180)
	return [9]float32{
		float32(cb), float32(-sb * ca), float32(sb * sa),
		float32(sb), float32(cb * ca), float32(-cb * sa),
		0, float32(sa), float32(ca),
	}
}

// sun is a light as tasks have it, from above and aside.
func sun() render.Light {
	return render.Light{
		Dir: [3]float32{-0.6, 0.5, -1}, Directional: true, CastShadow: true,
		Diffuse: [3]float32{0.7, 0.7, 0.7}, Specular: [3]float32{0.4, 0.4, 0.4},
	}
}

func headlight() render.Light {
	return render.Light{
		Ambient: [3]float32{0.1, 0.1, 0.1}, Diffuse: [3]float32{0.3, 0.3, 0.3}, Specular: [3]float32{0.1, 0.1, 0.1},
	}
}

// checker is a two by two board of colours, blown up.
func checker(a, b [3]byte) render.Texture {
	const n = 64
	t := render.Texture{Name: "checker", Width: n, Height: n}
	for y := 0; y < n; y++ {
		for x := 0; x < n; x++ {
			c := a
			if (x < n/2) != (y < n/2) {
				c = b
			}
			t.Pix = append(t.Pix, c[:]...)
		}
	}
	return t
}

func floor() render.Geom {
	return render.Geom{
		Shape: render.Plane, Mat: upright, RGBA: [4]float32{1, 1, 1, 1},
		Texture: 1, TexRepeat: [2]float32{1, 1}, TexUniform: true, Reflectance: 0.3,
	}
}

// shapes shows every primitive on a floor, in sun and shadow.
func shapes() (*render.Scene, render.Camera) {
	s := &render.Scene{Extent: 2, Centre: [3]float32{0, 0, 0.3}, Lights: []render.Light{sun()}, Head: headlight()}
	s.Textures = []render.Texture{checker([3]byte{58, 76, 104}, [3]byte{74, 94, 124})}
	s.Geoms = []render.Geom{
		floor(),
		{Shape: render.Box, Size: [3]float32{0.35, 0.25, 0.15}, Pos: [3]float32{-0.7, 0.5, 0.15}, Mat: turned(0, 30), RGBA: [4]float32{0.62, 0.45, 0.28, 1}, Specular: 0.2, Shininess: 0.3},
		{Shape: render.Sphere, Size: [3]float32{0.22}, Pos: [3]float32{0.1, -0.3, 0.22}, Mat: upright, RGBA: [4]float32{1, 0.55, 0.2, 1}, Specular: 0.6, Shininess: 0.7},
		{Shape: render.Capsule, Size: [3]float32{0.1, 0, 0.3}, Pos: [3]float32{0.75, 0.3, 0.1}, Mat: turned(90, 60), RGBA: [4]float32{0.25, 0.5, 0.85, 1}, Specular: 0.5, Shininess: 0.5},
		{Shape: render.Cylinder, Size: [3]float32{0.15, 0, 0.35}, Pos: [3]float32{0.15, 0.75, 0.35}, Mat: upright, RGBA: [4]float32{0.8, 0.8, 0.82, 1}, Specular: 0.8, Shininess: 0.8, Reflectance: 0.4},
		{Shape: render.Ellipsoid, Size: [3]float32{0.3, 0.12, 0.18}, Pos: [3]float32{-0.55, -0.45, 0.2}, Mat: turned(0, -25), RGBA: [4]float32{0.2, 0.75, 0.6, 1}, Specular: 0.5, Shininess: 0.6},
		{Shape: render.Arrow, Size: [3]float32{0.03, 0.03, 0.6}, Pos: [3]float32{0.55, -0.5, 0.1}, Mat: turned(-50, -30), RGBA: [4]float32{0.9, 0.25, 0.3, 1}, Specular: 0.3, Shininess: 0.3},
	}
	return s, render.Camera{LookAt: [3]float64{0, 0.1, 0.15}, Distance: 3, Azimuth: 110, Elevation: -28}
}

// ghosts shows translucent things before and behind opaque ones, and an arm
// imagined in three poses.
func ghosts() (*render.Scene, render.Camera) {
	s, c := shapes()
	s.Geoms = s.Geoms[:3] // floor, box and sphere
	s.Geoms = append(s.Geoms,
		render.Geom{Shape: render.Box, Size: [3]float32{0.5, 0.02, 0.35}, Pos: [3]float32{0, -0.75, 0.36}, Mat: turned(0, 8), RGBA: [4]float32{0.4, 0.7, 0.9, 0.35}, Specular: 0.8, Shininess: 0.8},
		render.Geom{Shape: render.Cylinder, Size: [3]float32{0.3, 0, 0.004}, Pos: [3]float32{0.1, -0.3, 0.006}, Mat: upright, RGBA: [4]float32{0.2, 0.9, 0.3, 0.6}},
		render.Geom{Shape: render.Sphere, Size: [3]float32{0.2}, Pos: [3]float32{-0.5, 0.1, 0.6}, Mat: upright, RGBA: [4]float32{0.9, 0.3, 0.3, 0.5}, Specular: 0.5, Shininess: 0.5},
	)
	for pose := 0; pose < 3; pose++ {
		tilt := 15 + 25*float64(pose)
		sn, cs := math.Sincos(tilt * math.Pi / 180)
		for link := 0; link < 3; link++ {
			along := 0.15 + 0.3*float64(link)
			s.Geoms = append(s.Geoms, render.Geom{
				Shape: render.Capsule, Size: [3]float32{0.07, 0, 0.15}, Mat: turned(tilt, 90), Ghost: true, GhostLayer: pose,
				Pos:  [3]float32{float32(0.5 + sn*along), 0.2, float32(cs*along) + 0.1},
				RGBA: [4]float32{0.2, 0.75, 0.8, 0.4}, Specular: 0.3, Shininess: 0.5,
			})
		}
	}
	return s, c
}

// star is a mesh: a prism over a star of n points, with texture coordinates if wished.
func star(n int, mapped bool) *render.Mesh {
	var vertices, normals [][3]float32
	var coords [][2]float32
	var faces [][3]uint32
	rim := func(i int) [2]float64 {
		r := 0.45
		if i%2 == 1 {
			r = 0.25
		}
		s, c := math.Sincos(math.Pi * float64(i) / float64(n))
		return [2]float64{r * c, r * s}
	}
	add := func(x, y, z float64, normal [3]float32) uint32 {
		vertices, normals = append(vertices, [3]float32{float32(x), float32(y), float32(z)}), append(normals, normal)
		coords = append(coords, [2]float32{float32(math.Atan2(y, x)), float32(math.Hypot(x, y))})
		return uint32(len(vertices) - 1)
	}
	for i := range 2 * n {
		a, b := rim(i), rim(i+1)
		up := [3]float32{0, 0, 1}
		faces = append(faces, [3]uint32{add(0, 0, 0.2, up), add(a[0], a[1], 0.2, up), add(b[0], b[1], 0.2, up)})
		dx, dy := b[0]-a[0], b[1]-a[1]
		l := math.Hypot(dx, dy)
		out := [3]float32{float32(dy / l), float32(-dx / l), 0}
		k := add(a[0], a[1], 0, out)
		add(b[0], b[1], 0, out)
		add(b[0], b[1], 0.2, out)
		add(a[0], a[1], 0.2, out)
		faces = append(faces, [3]uint32{k, k + 1, k + 2}, [3]uint32{k, k + 2, k + 3})
	}
	if !mapped {
		coords = nil
	}
	m, err := render.NewMesh("star", vertices, normals, coords, faces)
	if err != nil {
		panic(err)
	}
	return m
}

// die is a cube texture with a colour for each side.
func die() render.Texture {
	const n = 16
	t := render.Texture{Name: "die", Width: n, Height: 6 * n, Cube: true}
	for _, c := range [6][3]byte{{220, 60, 50}, {60, 180, 80}, {60, 90, 200}, {230, 200, 60}, {240, 240, 240}, {150, 70, 170}} {
		for i := range n * n {
			if x, y := i%n, i/n; x == y || x == 0 || y == 0 {
				t.Pix = append(t.Pix, 30, 30, 30)
			} else {
				t.Pix = append(t.Pix, c[:]...)
			}
		}
	}
	return t
}

// meshes shows meshes plain, textured, translucent and as a ghost, and cube textures.
func meshes() (*render.Scene, render.Camera) {
	s, c := shapes()
	s.Textures = append(s.Textures, checker([3]byte{220, 60, 50}, [3]byte{240, 230, 210}), die())
	plain, mapped := star(5, false), star(5, true)
	white := [4]float32{1, 1, 1, 1}
	s.Geoms = []render.Geom{
		floor(),
		{Shape: render.Meshed, Mesh: plain, Pos: [3]float32{-0.7, 0.6, 0}, Mat: turned(0, 20), RGBA: [4]float32{0.9, 0.7, 0.2, 1}, Specular: 0.5, Shininess: 0.6, Reflectance: 0.3},
		{Shape: render.Meshed, Mesh: plain, Size: [3]float32{0.45, 0.45, 0.2}, Pos: [3]float32{0.2, 0.8, 0.1}, Mat: turned(40, 0), RGBA: white, Texture: 2, TexRepeat: [2]float32{4, 4}},
		{Shape: render.Meshed, Mesh: mapped, Pos: [3]float32{-0.6, -0.4, 0.3}, Mat: turned(50, 20), RGBA: white, Texture: 2},
		{Shape: render.Meshed, Mesh: plain, Pos: [3]float32{0.15, -0.75, 0.02}, Mat: upright, RGBA: [4]float32{0.2, 0.6, 0.9, 0.5}},
		{Shape: render.Meshed, Mesh: plain, Pos: [3]float32{0.9, 0.5, 0.1}, Mat: turned(20, 60), RGBA: [4]float32{0.2, 0.75, 0.8, 0.4}, Ghost: true},
		{Shape: render.Box, Size: [3]float32{0.2, 0.15, 0.25}, Pos: [3]float32{0.7, -0.3, 0.25}, Mat: turned(0, 30), RGBA: white, Texture: 3},
		{Shape: render.Sphere, Size: [3]float32{0.2}, Pos: [3]float32{0.75, 0.15, 0.2}, Mat: turned(20, 10), RGBA: white, Texture: 3},
		{Shape: render.Meshed, Mesh: plain, Pos: [3]float32{-0.1, 0.2, 0}, Mat: upright, RGBA: white, Texture: 3},
	}
	return s, c
}

// board is seen from straight above, as an observation of a task is.
func board() (*render.Scene, render.Camera) {
	s := &render.Scene{
		Extent: 1.6, Head: headlight(), Textures: []render.Texture{checker([3]byte{60, 70, 85}, [3]byte{66, 77, 94})},
		Lights: []render.Light{{Pos: [3]float32{-0.9, -1.3, 3.2}, CastShadow: true, Diffuse: [3]float32{0.8, 0.8, 0.8}, Specular: [3]float32{0.3, 0.3, 0.3}}},
	}
	s.Geoms = []render.Geom{
		{Shape: render.Plane, Size: [3]float32{1.1, 1.1, 0}, Mat: upright, RGBA: [4]float32{1, 1, 1, 1}, Texture: 1, TexRepeat: [2]float32{5.5, 5.5}},
		{Shape: render.Cylinder, Size: [3]float32{0.25, 0, 0.006}, Pos: [3]float32{-0.8, 0.7, 0.006}, Mat: upright, RGBA: [4]float32{0.9, 0.7, 0.2, 1}},
		{Shape: render.Cylinder, Size: [3]float32{0.25, 0, 0.006}, Pos: [3]float32{0.8, 0.7, 0.006}, Mat: upright, RGBA: [4]float32{0.5, 0.5, 0.55, 0.5}},
		{Shape: render.Sphere, Size: [3]float32{0.1}, Pos: [3]float32{-0.5, 0.05, 0.1}, Mat: upright, RGBA: [4]float32{1, 0.55, 0.05, 1}, Specular: 0.6, Shininess: 0.7},
	}
	return s, render.Camera{Distance: 2.6, Azimuth: 90, Elevation: -90}
}

// textured shows a texture on every kind of shape, without lights of its own.
func textured() (*render.Scene, render.Camera) {
	s, c := shapes()
	s.Lights, s.Head = nil, render.Light{}
	s.Sky = [2][3]float32{{0.9, 0.8, 0.7}, {0.3, 0.3, 0.5}}
	s.Textures = append(s.Textures, checker([3]byte{220, 60, 50}, [3]byte{240, 230, 210}))
	for i := 1; i < len(s.Geoms); i++ {
		g := &s.Geoms[i]
		g.Texture, g.RGBA = 2, [4]float32{1, 1, 1, 1}
		if g.TexRepeat = [2]float32{2, 1}; i%2 == 0 {
			g.TexUniform, g.TexRepeat = true, [2]float32{4, 4}
		}
	}
	return s, c
}
