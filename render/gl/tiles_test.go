package gl_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"github.com/latco-studio/latco/render"
)

// tiles returns n pictures' worth of different scenes seen differently.
func tiles(n int) (dst []*image.RGBA, scenes []*render.Scene, cameras []render.Camera) {
	for i := range n {
		s, c := board()
		if i%3 == 1 {
			s, c = ghosts()
		}
		c.Orbit(0.05*float64(i), 0)
		dst = append(dst, image.NewRGBA(image.Rect(0, 0, 64, 64)))
		scenes, cameras = append(scenes, s), append(cameras, c)
	}
	return dst, scenes, cameras
}

// A tile shows what Draw shows, up to how coordinates round at edges.
func TestTilesAreWhatDrawDraws(t *testing.T) {
	r := newRenderer(t)
	for _, n := range []int{0, 1, 7, 70} { // 70: more than one framebuffer's worth
		dst, scenes, cameras := tiles(n)
		if err := r.DrawTiles(dst, scenes, cameras); err != nil {
			t.Fatal(err)
		}
		for i, got := range dst {
			want := draw(t, r, scenes[i], cameras[i], 64, 64)
			if bytes.Equal(got.Pix, want.Pix) {
				continue
			}
			sum := 0
			for k := range want.Pix {
				d := int(got.Pix[k]) - int(want.Pix[k])
				sum += max(d, -d)
			}
			if mean := float64(sum) / float64(len(want.Pix)); mean > 0.2 {
				t.Errorf("tile %d of %d differs by %.2f levels", i, n, mean)
			}
		}
	}
}

func TestTilesErrors(t *testing.T) {
	r := newRenderer(t)
	dst, scenes, cameras := tiles(3)
	if err := r.DrawTiles(dst, scenes[:2], cameras); err == nil || !strings.Contains(err.Error(), "2 scenes") {
		t.Errorf("error %v, want one that counts", err)
	}
	dst[2] = image.NewRGBA(image.Rect(0, 0, 64, 65))
	if err := r.DrawTiles(dst, scenes, cameras); err == nil || !strings.Contains(err.Error(), "picture 2") {
		t.Errorf("error %v, want one that names picture 2", err)
	}
	dst, scenes, cameras = tiles(3)
	scenes[1].Geoms[0].Texture = -1
	if err := r.DrawTiles(dst, scenes, cameras); err == nil || !strings.Contains(err.Error(), "picture 1: gl: geom 0") {
		t.Errorf("error %v, want one that names picture 1, geom 0", err)
	}
}

func BenchmarkTiles(b *testing.B) {
	r := newRenderer(b)
	s, c := shapes()
	var dst []*image.RGBA
	var scenes []*render.Scene
	var cameras []render.Camera
	for range 64 {
		dst, scenes, cameras = append(dst, image.NewRGBA(image.Rect(0, 0, 64, 64))), append(scenes, s), append(cameras, c)
	}
	for b.Loop() {
		if err := r.DrawTiles(dst, scenes, cameras); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(64*b.N), "µs/picture")
}
