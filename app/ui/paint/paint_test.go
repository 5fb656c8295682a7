package paint

import (
	"image"
	"image/color"
	"math"
	"math/rand"
	"testing"
)

var white = color.RGBA{255, 255, 255, 255}

func noise(rng *rand.Rand, w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = uint8(rng.Intn(256))
		if i%4 == 3 {
			img.Pix[i] = 255
		}
	}
	return img
}

func TestScalerAtTheSameSizeCopies(t *testing.T) {
	src := noise(rand.New(rand.NewSource(1)), 17, 9)
	dst := image.NewRGBA(src.Rect)
	new(Scaler).Draw(dst, dst.Rect, src)
	for i := range src.Pix {
		if src.Pix[i] != dst.Pix[i] {
			t.Fatalf("byte %d: %d, want %d", i, dst.Pix[i], src.Pix[i])
		}
	}
}

func TestScalerEnlargesToSharpSquares(t *testing.T) {
	src := noise(rand.New(rand.NewSource(2)), 4, 3)
	dst := image.NewRGBA(image.Rect(0, 0, 20, 15))
	new(Scaler).Draw(dst, dst.Rect, src)
	for y := range 15 {
		for x := range 20 {
			if got, want := dst.RGBAAt(x, y), src.RGBAAt(x/5, y/5); got != want {
				t.Fatalf("(%d, %d): %v, want %v", x, y, got, want)
			}
		}
	}
}

// Area coverage keeps the mean of the picture, up to rounding, and leaves one
// colour one colour, at every pair of sizes.
func TestScalerKeepsTheMean(t *testing.T) {
	rng := rand.New(rand.NewSource(3))
	var s Scaler
	for range 60 {
		src := noise(rng, 1+rng.Intn(70), 1+rng.Intn(70))
		dst := image.NewRGBA(image.Rect(0, 0, 1+rng.Intn(90), 1+rng.Intn(90)))
		s.Draw(dst, dst.Rect, src)
		if got, want := meanOf(dst), meanOf(src); math.Abs(got-want) > 2 {
			t.Errorf("%v to %v: mean %.2f, want %.2f", src.Rect.Max, dst.Rect.Max, got, want)
		}
		Fill(src, src.Rect, color.RGBA{200, 200, 200, 255})
		s.Draw(dst, dst.Rect, src)
		for i := 0; i < len(dst.Pix); i += 4 {
			if dst.Pix[i] != 200 {
				t.Fatalf("%v to %v: one colour became %d", src.Rect.Max, dst.Rect.Max, dst.Pix[i])
			}
		}
	}
}

func meanOf(img *image.RGBA) float64 {
	sum := 0.0
	for i, v := range img.Pix {
		if i%4 != 3 {
			sum += float64(v)
		}
	}
	return sum / float64(len(img.Pix)/4*3)
}

func TestScalerStaysInside(t *testing.T) {
	src := noise(rand.New(rand.NewSource(4)), 8, 8)
	dst := image.NewRGBA(image.Rect(0, 0, 10, 10))
	new(Scaler).Draw(dst, image.Rect(6, 6, 22, 22), src)
	if dst.RGBAAt(5, 5).A != 0 {
		t.Error("a pixel outside the rectangle was touched")
	}
	if got, want := dst.RGBAAt(9, 9), src.RGBAAt(1, 1); got != want {
		t.Errorf("clipped pixel is %v, want %v", got, want)
	}
}

// The ink of a line is its length times its width, whatever its slope.
func TestPenInk(t *testing.T) {
	for _, to := range []Vec{{90, 50}, {90, 10}, {50, 90}, {20, 90}, {11, 90}} {
		img := image.NewRGBA(image.Rect(0, 0, 100, 100))
		from := Vec{10, 10}
		new(Pen).Curve(img, img.Rect, []Vec{from, to}, 3, white)
		ink := 0.0
		for i := 0; i < len(img.Pix); i += 4 {
			ink += float64(img.Pix[i]) / 255
		}
		length := math.Hypot(to.X-from.X, to.Y-from.Y)
		if want := 3*length + math.Pi*1.5*1.5; math.Abs(ink-want) > 0.04*want {
			t.Errorf("to %v: ink %.1f, want %.1f", to, ink, want)
		}
	}
}

func TestPenBreaksWhereThereIsNoNumber(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 60, 20))
	new(Pen).Curve(img, img.Rect, []Vec{{5, 10}, {20, 10}, {30, math.NaN()}, {40, 10}, {55, 10}}, 2, white)
	if img.RGBAAt(12, 10).R == 0 || img.RGBAAt(48, 10).R == 0 {
		t.Error("a piece of the curve is missing")
	}
	if img.RGBAAt(30, 10).R != 0 {
		t.Error("the gap was bridged")
	}
}

func TestPenJointsAreNoDarker(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 100, 20))
	var many []Vec
	for x := 5.0; x < 95; x += 0.5 {
		many = append(many, Vec{x, 10})
	}
	new(Pen).Curve(img, img.Rect, many, 1, white)
	want := img.RGBAAt(20, 9)
	for x := 10; x < 90; x++ {
		if got := img.RGBAAt(x, 9); got != want {
			t.Fatalf("at %d the line is %v, at 20 %v", x, got, want)
		}
	}
}

func TestCividis(t *testing.T) {
	if got := Cividis(0); got != cividisAnchors[0] {
		t.Errorf("0 is %v", got)
	}
	if got := Cividis(1); got != cividisAnchors[9] {
		t.Errorf("1 is %v", got)
	}
	if Cividis(-3) != Cividis(0) || Cividis(7) != Cividis(1) || Cividis(math.NaN()) != Cividis(0) {
		t.Error("values outside are not clipped")
	}
	last := -1.0
	for i := range 101 {
		c := Cividis(float64(i) / 100)
		light := 0.2126*float64(c.R) + 0.7152*float64(c.G) + 0.0722*float64(c.B)
		if light < last-0.5 {
			t.Fatalf("at %d %% it gets darker: %.1f after %.1f", i, light, last)
		}
		last = light
	}
}

func TestLogScale(t *testing.T) {
	s := LogScale{Min: 1e-6, Max: 1}
	for _, c := range []struct{ v, want float64 }{{1e-6, 0}, {1e-3, 0.5}, {1, 1}, {0, 0}, {-1, 0}, {9, 1}, {math.NaN(), 0}} {
		if got := s.At(c.v); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("At(%g) = %g, want %g", c.v, got, c.want)
		}
	}
}

func TestSizedReuses(t *testing.T) {
	a := Sized(nil, 10, 10)
	if b := Sized(a, 10, 10); b != a {
		t.Error("equal size made a new image")
	}
	pix := &a.Pix[0]
	if b := Sized(a, 5, 4); &b.Pix[0] != pix || len(b.Pix) != 80 || b.Stride != 20 {
		t.Error("a smaller size did not reuse the pixels")
	}
}

func TestRoundTakesCornersOnly(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 20, 20))
	Fill(img, img.Rect, white)
	Round(img, img.Rect, 4, color.RGBA{0, 0, 0, 255})
	for _, p := range []image.Point{{0, 0}, {19, 0}, {0, 19}, {19, 19}} {
		if img.RGBAAt(p.X, p.Y).R > 40 {
			t.Errorf("corner %v is still there", p)
		}
	}
	if img.RGBAAt(10, 0) != white || img.RGBAAt(0, 10) != white {
		t.Error("an edge was touched")
	}
}

func BenchmarkStripRow(b *testing.B) {
	rng := rand.New(rand.NewSource(5))
	dst := image.NewRGBA(image.Rect(0, 0, 1300, 60))
	frames := make([]*image.RGBA, 31)
	for i := range frames {
		frames[i] = noise(rng, 64, 64)
	}
	var s Scaler
	b.ReportAllocs()
	for b.Loop() {
		for i, f := range frames {
			s.Draw(dst, image.Rect(42*i, 0, 42*i+40, 40), f)
		}
	}
}

func BenchmarkCurve(b *testing.B) {
	dst := image.NewRGBA(image.Rect(0, 0, 360, 130))
	var p Pen
	points := make([]Vec, 200)
	for i := range points {
		points[i] = Vec{360 * float64(i) / 199, 65 + 60*math.Sin(float64(i)/15)}
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Curve(dst, dst.Rect, points, 1.6, white)
	}
}
