package gl_test

import (
	"image"
	"image/png"
	"os"
	"testing"

	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/egl"
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

func TestLook(t *testing.T) {
	r := newRenderer(t)
	t.Log(r.Info())
	s, c := shapes()
	dst := image.NewRGBA(image.Rect(0, 0, 812, 624))
	if err := r.Draw(dst, s, c); err != nil {
		t.Fatal(err)
	}
	f, _ := os.Create("/tmp/shapes.png")
	png.Encode(f, dst)
	f.Close()
}
