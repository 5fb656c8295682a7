package paint

import (
	"image"
	"image/color"
	"math"
	"testing"
)

func TestBandFillsBetweenTwoLinesOnce(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 10, 10))
	Fill(img, img.Rect, color.RGBA{0, 0, 0, 255})
	upper := []Vec{{0, 2}, {5, 2}, {10, 2}, {math.NaN(), 0}}
	lower := []Vec{{0, 7}, {5, 7}, {10, 7}, {0, 0}}
	Band(img, img.Rect, upper, lower, color.RGBA{255, 255, 255, 255}, 100)
	for y := range 10 {
		for x := range 10 {
			want := uint8(0)
			if y >= 2 && y < 7 {
				want = 100
			}
			if got := img.RGBAAt(x, y).R; got != want {
				t.Fatalf("(%d, %d) is %d, want %d", x, y, got, want)
			}
		}
	}
}

// Along a bent line the dashes have the lengths that were asked for.
func TestDashed(t *testing.T) {
	var on float64
	pieces := Dashed(nil, []Vec{{0, 0}, {7, 0}, {7, 5}, {27, 5}}, 4, 2)
	for i := 1; i < len(pieces); i++ {
		if a, b := pieces[i-1], pieces[i]; finite(a.X) && finite(b.X) {
			on += hypot(b.X-a.X, b.Y-a.Y)
		}
	}
	// 32 pixels of line are five dashes of 4 with gaps of 2, and 2 pixels of a sixth.
	if math.Abs(on-22) > 1e-9 {
		t.Errorf("%g pixels are drawn, want 22", on)
	}
	if got := Dashed(nil, []Vec{{0, 0}, {math.Inf(1), 0}, {3, 0}}, 4, 2); len(got) == 0 || finite(got[0].X) {
		t.Errorf("a break gives %v", got)
	}
}
