package gl_test

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/latco-studio/latco/render"
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
			compare(t, draw(t, r, s, c, test.w, test.h), test.name)
		})
	}
}

// Drivers round differently and place samples differently, which shows at
// edges: few pixels may differ much, none of the picture by a shade.
const (
	meanTolerance = 1.5  // levels of 255
	farLevels     = 24   // a pixel is off when a channel differs by more
	farShare      = 0.01 // of all pixels
)

// compare checks a picture against testdata; a difference leaves the picture
// in testdata/failed, from where it can be moved if it is right.
func compare(t *testing.T, got *image.RGBA, name string) {
	t.Helper()
	mean, far, err := difference(got, filepath.Join("testdata", name+".png"))
	if err == nil && mean <= meanTolerance && far <= farShare {
		return
	}
	path := filepath.Join("testdata", "failed", name+".png")
	if saveErr := save(path, got); saveErr != nil {
		t.Error(saveErr)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		t.Errorf("no golden picture; the new one is %s", path)
	case err != nil:
		t.Error(err)
	default:
		t.Errorf("differs by %.2f levels (at most %g), %.2f%% of pixels far off (at most %g%%); see %s",
			mean, meanTolerance, 100*far, 100*farShare, path)
	}
}

// difference returns the mean absolute difference of channels and the share of
// pixels that are far off.
func difference(got *image.RGBA, path string) (mean, far float64, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	decoded, err := png.Decode(f)
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	if decoded.Bounds() != got.Bounds() {
		return 0, 0, fmt.Errorf("%s: size %v, drawn %v", path, decoded.Bounds(), got.Bounds())
	}
	sum, off, n := 0, 0, 0
	for y := 0; y < got.Rect.Max.Y; y++ {
		for x := 0; x < got.Rect.Max.X; x++ {
			r, g, b, a := decoded.At(x, y).RGBA()
			p := got.RGBAAt(x, y)
			worst := 0
			for _, d := range [4]int{int(r>>8) - int(p.R), int(g>>8) - int(p.G), int(b>>8) - int(p.B), int(a>>8) - int(p.A)} {
				worst = max(worst, d, -d)
				sum += max(d, -d)
			}
			if n++; worst > farLevels {
				off++
			}
		}
	}
	return float64(sum) / float64(4*n), float64(off) / float64(n), nil
}

func save(path string, m image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(png.Encode(f, m), f.Close())
}
