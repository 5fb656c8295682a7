package gl_test

import (
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/render"
)

// Wherever an endless floor leaves a sample of the picture empty there is sky, also
// beyond its edge and where the camera is nearer to it than it sees.
func TestNoHoleBetweenFloorAndSky(t *testing.T) {
	r := newRenderer(t)
	rng := rand.New(rand.NewSource(1))
	for i := range 300 {
		plane := floor()
		plane.TexRepeat = [2]float32{rng.Float32(), rng.Float32()} // coarse steps below the camera
		plane.Pos = [3]float32{4 * rng.Float32(), -3 * rng.Float32(), rng.Float32()}
		if i%3 == 0 {
			plane.Mat = turned(10*rng.Float64(), 90*rng.Float64())
		}
		s := &render.Scene{Geoms: []render.Geom{plane}, Extent: 0.2 + rng.Float32(),
			Textures: []render.Texture{checker([3]byte{90, 90, 90}, [3]byte{120, 120, 120})}}
		c := render.Camera{
			Azimuth: 360 * rng.Float64(), Elevation: 100*rng.Float64() - 90,
			Distance: 0.01 + 3*rng.Float64(), FovY: 20 + 80*rng.Float64(),
		}
		m := draw(t, r, s, c, 40, 30)
		for p := 3; p < len(m.Pix); p += 4 {
			if m.Pix[p] != 255 {
				t.Fatalf("%+v over a floor at %v: nothing at row %d", c, plane.Pos, p/m.Stride)
			}
		}
	}
}

// The most lights that a scene may have still link: they hand less from vertices to
// pixels.
func TestManyLights(t *testing.T) {
	r := newRenderer(t)
	for n := range 9 {
		s, c := shapes()
		s.Lights = nil
		for range n {
			s.Lights = append(s.Lights, sun())
		}
		draw(t, r, s, c, 32, 32)
	}
}
