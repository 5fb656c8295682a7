package gl_test

import (
	"image"
	"testing"
)

func benchmarkDraw(b *testing.B, w, h int) {
	r := newRenderer(b)
	s, c := shapes()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Draw(dst, s, c); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkObservation(b *testing.B) { benchmarkDraw(b, 64, 64) }
func BenchmarkWindow(b *testing.B)      { benchmarkDraw(b, 812, 624) }
