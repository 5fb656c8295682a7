// Package rendertest compares pictures with stored ones.
package rendertest

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// Drivers round differently and place samples differently, which shows at
// edges: few pixels may differ much, none of the picture by a shade.
const (
	meanTolerance = 2.0  // levels of 255
	farLevels     = 24   // a pixel is off when a channel differs by more
	farShare      = 0.01 // of all pixels
)

// Golden checks a picture against testdata/<name>.png, as a whole and each tile of a
// contact sheet; a tile of no size means there are none. A difference leaves the
// picture in testdata/failed, from where it can be moved if it is right.
func Golden(t *testing.T, got *image.RGBA, name string, tile image.Point) {
	t.Helper()
	want, err := read(filepath.Join("testdata", name+".png"))
	if err == nil && want.Bounds() != got.Bounds() {
		err = fmt.Errorf("the golden picture's size is %v, drawn was %v", want.Bounds(), got.Bounds())
	}
	if err == nil {
		err = differ(got, want, tile)
	}
	if err == nil {
		return
	}
	path := filepath.Join("testdata", "failed", name+".png")
	if failed := save(path, got); failed != nil {
		t.Error(failed)
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = errors.New("no golden picture")
	}
	t.Errorf("%v; the new one is %s", err, path)
}

// differ names the first tile that is off.
func differ(got *image.RGBA, want image.Image, tile image.Point) error {
	if tile == (image.Point{}) {
		tile = got.Rect.Size()
	}
	for y := got.Rect.Min.Y; y < got.Rect.Max.Y; y += tile.Y {
		for x := got.Rect.Min.X; x < got.Rect.Max.X; x += tile.X {
			part := image.Rect(x, y, x+tile.X, y+tile.Y).Intersect(got.Rect)
			if mean, far := difference(got, want, part); mean > meanTolerance || far > farShare {
				return fmt.Errorf("%v differs by %.2f levels (at most %g), %.2f%% of pixels far off (at most %g%%)",
					part, mean, meanTolerance, 100*far, 100*farShare)
			}
		}
	}
	return nil
}

// difference returns the mean absolute difference of channels and the share of
// pixels that are far off.
func difference(got *image.RGBA, want image.Image, part image.Rectangle) (mean, far float64) {
	sum, off, n := 0, 0, 0
	for y := part.Min.Y; y < part.Max.Y; y++ {
		for x := part.Min.X; x < part.Max.X; x++ {
			r, g, b, a := want.At(x, y).RGBA()
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
	return float64(sum) / float64(4*n), float64(off) / float64(n)
}

func read(path string) (image.Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
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
