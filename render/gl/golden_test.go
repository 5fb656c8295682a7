package gl_test

import (
	"image"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/egl"
	"github.com/latco-studio/latco/render/rendertest"
)

func newRenderer(t testing.TB) *gl.Renderer {
	t.Helper()
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	r, err := gl.New(c, gl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func draw(t testing.TB, r *gl.Renderer, s *render.Scene, c render.Camera, w, h int) *image.RGBA {
	t.Helper()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if err := r.Draw(dst, s, c); err != nil {
		t.Fatal(err)
	}
	return dst
}

func TestGolden(t *testing.T) {
	r := newRenderer(t)
	for _, test := range []struct {
		name  string
		scene func() (*render.Scene, render.Camera)
		w, h  int
	}{
		{"shapes", shapes, 480, 360},
		{"shapes-small", shapes, 64, 64},
		{"textured", textured, 480, 360},
		{"ghosts", ghosts, 480, 360},
		{"meshes", meshes, 480, 360},
		{"board", board, 320, 320},
		{"board-small", board, 64, 64},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, c := test.scene()
			rendertest.Golden(t, draw(t, r, s, c, test.w, test.h), test.name, image.Point{})
		})
	}
}
