package gl_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"github.com/latco-studio/latco/render"
)

// The pixels must not depend on what was drawn before, nor on the renderer.
func TestDeterministic(t *testing.T) {
	r := newRenderer(t)
	s, c := shapes()
	first := draw(t, r, s, c, 200, 150)
	other, otherCamera := ghosts()
	draw(t, r, other, otherCamera, 64, 64)
	if again := draw(t, r, s, c, 200, 150); !bytes.Equal(first.Pix, again.Pix) {
		t.Error("the same scene came out differently after another")
	}
	if again := draw(t, newRenderer(t), s, c, 200, 150); !bytes.Equal(first.Pix, again.Pix) {
		t.Error("the same scene came out differently from another renderer")
	}
}

func TestEveryPixelIsOpaque(t *testing.T) {
	r := newRenderer(t)
	s, c := ghosts()
	m := draw(t, r, s, c, 200, 150)
	for i := 3; i < len(m.Pix); i += 4 {
		if m.Pix[i] != 255 {
			t.Fatalf("alpha %d at byte %d", m.Pix[i], i)
		}
	}
}

// Where something projects to, it is drawn: the matrices of the picture agree
// with those of picking.
func TestPictureAgreesWithProjection(t *testing.T) {
	r := newRenderer(t)
	ball := render.Geom{Shape: render.Sphere, Size: [3]float32{0.1}, Mat: upright, RGBA: [4]float32{1, 0, 0, 1}, Emission: 1}
	for _, place := range [][3]float32{{0.6, 0.3, 0}, {-0.5, 0.4, 0.3}, {0.2, -0.6, 0.5}} {
		ball.Pos = place
		s := &render.Scene{Geoms: []render.Geom{ball}, Extent: 1, Sky: [2][3]float32{{0, 0, 0.2}, {0, 0, 0.2}}}
		for _, c := range []render.Camera{{Distance: 3, Azimuth: 90, Elevation: -90}, {Distance: 3, Azimuth: 30, Elevation: -20}} {
			const w, h = 160, 120
			m := draw(t, r, s, c, w, h)
			x, y, _, _ := c.Project([3]float64{float64(place[0]), float64(place[1]), float64(place[2])}, float64(w)/h)
			gotX, gotY := redCentre(m)
			if math.Hypot(gotX-x*w, gotY-y*h) > 0.6 {
				t.Errorf("%v drawn at (%.1f, %.1f), projected to (%.1f, %.1f)", place, gotX, gotY, x*w, y*h)
			}
		}
	}
}

// redCentre returns the middle of what is red, in pixels.
func redCentre(m *image.RGBA) (x, y float64) {
	var sum float64
	for j := range m.Rect.Dy() {
		for i := range m.Rect.Dx() {
			red := float64(m.RGBAAt(i, j).R)
			x, y, sum = x+red*(float64(i)+0.5), y+red*(float64(j)+0.5), sum+red
		}
	}
	return x / sum, y / sum
}

// A surface facing the only light, of intensity 1, has the colour it was given.
func TestColoursArePredictable(t *testing.T) {
	r := newRenderer(t)
	s := &render.Scene{Extent: 1, Head: render.Light{Diffuse: [3]float32{1, 1, 1}}}
	s.Geoms = []render.Geom{{Shape: render.Plane, Mat: upright, Size: [3]float32{5, 5, 0}, RGBA: [4]float32{0.6, 0.4, 0.2, 1}}}
	got := draw(t, r, s, render.Camera{Distance: 2, Elevation: -90}, 65, 65).RGBAAt(32, 32)
	want := color.RGBA{153, 102, 51, 255}
	for i, d := range []int{int(got.R) - int(want.R), int(got.G) - int(want.G), int(got.B) - int(want.B)} {
		if d < 0 || d > 5 { // the least ambient light adds up to 2 %
			t.Errorf("channel %d: drawn %v, want %v", i, got, want)
		}
	}
}

func TestShadowFallsAwayFromLight(t *testing.T) {
	r := newRenderer(t)
	c := render.Camera{Distance: 4, Azimuth: 90, Elevation: -90} // x right, y up
	for _, light := range []render.Light{
		{Dir: [3]float32{1, 0, -1}, Directional: true},
		{Pos: [3]float32{-2, 0, 2.5}},
	} {
		light.Diffuse, light.CastShadow = [3]float32{1, 1, 1}, true
		s := &render.Scene{Extent: 2, Lights: []render.Light{light}}
		s.Geoms = []render.Geom{
			{Shape: render.Plane, Mat: upright, RGBA: [4]float32{0.5, 0.5, 0.5, 1}},
			{Shape: render.Sphere, Mat: upright, Size: [3]float32{0.2}, Pos: [3]float32{0, 0, 0.5}, RGBA: [4]float32{1, 1, 1, 1}},
		}
		m := draw(t, r, s, c, 128, 128)
		at := func(x float64) int {
			px, py, _, _ := c.Project([3]float64{x, 0, 0}, 1)
			return int(m.RGBAAt(int(px*128), int(py*128)).G)
		}
		if dark, lit := at(0.47), at(-0.47); dark > lit/2 {
			t.Errorf("%+v: %d in the shadow, %d on the other side", light, dark, lit)
		}
	}
}

// Strides other than the width's, and sub-images, keep what is around.
func TestDrawsIntoSubImage(t *testing.T) {
	r := newRenderer(t)
	s, c := board()
	want := draw(t, r, s, c, 64, 64)
	whole := image.NewRGBA(image.Rect(0, 0, 100, 90))
	part := whole.SubImage(image.Rect(20, 10, 84, 74)).(*image.RGBA)
	if err := r.Draw(part, s, c); err != nil {
		t.Fatal(err)
	}
	for y := range 90 {
		for x := range 100 {
			inside := image.Pt(x, y).In(part.Rect)
			if inside && whole.RGBAAt(x, y) != want.RGBAAt(x-20, y-10) || !inside && whole.RGBAAt(x, y) != (color.RGBA{}) {
				t.Fatalf("wrong pixel at %d, %d", x, y)
			}
		}
	}
}

// An empty scene is sky: the horizon's colour below and at eye level, the
// zenith's above.
func TestSky(t *testing.T) {
	r := newRenderer(t)
	s := &render.Scene{Sky: [2][3]float32{{0.6, 0.4, 0.2}, {0.2, 0.4, 0.6}}}
	at := func(elevation float64) color.RGBA {
		return draw(t, r, s, render.Camera{Distance: 1, Elevation: elevation}, 33, 33).RGBAAt(16, 16)
	}
	for elevation, want := range map[float64]color.RGBA{-30: {153, 102, 51, 255}, 90: {51, 102, 153, 255}} {
		if got := at(elevation); got != want {
			t.Errorf("elevation %g: %v, want %v", elevation, got, want)
		}
	}
	m := draw(t, r, s, render.Camera{Distance: 1, Elevation: 20}, 33, 33)
	if top, bottom := m.RGBAAt(16, 0), m.RGBAAt(16, 32); top.B <= bottom.B {
		t.Errorf("top %v, bottom %v: upside down", top, bottom)
	}
}
