package devicetest

import (
	"fmt"
	"math"
)

// memory checks what moves numbers without changing them, and the simplest
// arithmetic on whole buffers.
func (s *suite) memory(t T) {
	t.Run("Alloc", s.alloc)
	for _, n := range []int{1, 7, 64, 1001, 100_003} {
		t.Run(fmt.Sprint(n), func(t T) {
			s.agree(t, int64(n), 1e-6, func(w *world) {
				x, y := w.buffer(n), w.buffer(n)
				w.Axpy(-0.75, x, y)
				w.Copy(w.buffer(n), y)
				w.Fill(w.buffer(n), 2.5)
				w.Fill(w.buffer(n), 0)
				w.Fill(x.Slice(n/3, n/2), 7)
				pixels := make([]uint8, n)
				for i := range pixels {
					pixels[i] = uint8(w.Intn(256))
				}
				if err := w.UploadPixels(w.buffer(n), pixels); err != nil {
					t.Fatal(err)
				}
				for _, seed := range []uint64{0, 1, 1<<40 + 3} {
					if err := w.UploadLevels(w.buffer(n), pixels, 5, seed); err != nil {
						t.Fatal(err)
					}
				}
			})
		})
	}
	t.Run("Levels", s.levels)
	t.Run("Errors", func(t T) {
		b, err := s.dev.Alloc(4)
		if err != nil {
			t.Fatal(err)
		}
		defer s.dev.Free(b)
		if s.dev.Upload(b, make([]float32, 5)) == nil {
			t.Error("Upload of more than there is room for gave no error")
		}
		if s.dev.Download(make([]float32, 5), b) == nil {
			t.Error("Download of more than there is gave no error")
		}
		if s.dev.UploadPixels(b, make([]uint8, 5)) == nil {
			t.Error("UploadPixels of more than there is room for gave no error")
		}
		if s.dev.UploadLevels(b, make([]uint8, 5), 5, 0) == nil {
			t.Error("UploadLevels of more than there is room for gave no error")
		}
		if s.dev.UploadLevels(b, make([]uint8, 4), 9, 0) == nil {
			t.Error("UploadLevels of 9 bits gave no error")
		}
		if _, err := s.dev.Alloc(-1); err == nil {
			t.Error("Alloc(-1) gave no error")
		}
	})
}

// alloc checks that fresh memory is zero even where it was used before.
func (s *suite) alloc(t T) {
	for _, n := range []int{0, 1, 100, 5000} {
		for range 3 {
			b, err := s.dev.Alloc(n)
			if err != nil {
				t.Fatal(err)
			}
			host := make([]float32, n)
			if err := s.dev.Download(host, b); err != nil {
				t.Fatal(err)
			}
			for i, v := range host {
				if v != 0 {
					t.Fatalf("Alloc(%d)[%d] = %v, want 0", n, i, v)
				}
			}
			s.dev.Fill(b, 3)
			s.dev.Free(b)
		}
	}
}

// levels checks the noise that fills the gaps between the levels of an image: in
// the bin of its pixel, of the mean and variance of U(0, 1), another for another
// seed.
func (s *suite) levels(t T) {
	w := s.world(t)
	const n, bits = 20_000, 5
	pixels := make([]uint8, n)
	for i := range pixels {
		pixels[i] = uint8(w.Intn(256))
	}
	x := w.buffer(n)
	noise := func(seed uint64) []float64 {
		if err := w.UploadLevels(x, pixels, bits, seed); err != nil {
			t.Fatal(err)
		}
		u := make([]float64, n)
		for i, v := range w.read(x) {
			u[i] = (float64(v)+0.5)*(1<<bits) - float64(pixels[i]>>(8-bits))
		}
		return u
	}
	for _, u := range noise(0) {
		if u != 0.5 {
			t.Fatalf("without a seed a pixel lies at %g of its bin, want the middle", u)
		}
	}
	one, two := noise(7), noise(7|1<<33)
	mean, square, product := 0.0, 0.0, 0.0
	for i, u := range one {
		if u < 0 || u > 1 { // 1 by rounding
			t.Fatalf("noise %g is outside [0, 1]", u)
		}
		mean += u / n
		square += (u - 0.5) * (u - 0.5) / n
		product += (u - 0.5) * (two[i] - 0.5) / n
	}
	// Five standard errors.
	if math.Abs(mean-0.5) > 5*math.Sqrt(1.0/12/n) || math.Abs(square-1.0/12) > 5*math.Sqrt(1.0/180/n) ||
		math.Abs(product) > 5.0/12/math.Sqrt(n) {
		t.Errorf("noise has mean %g, variance %g, covariance %g with that of another seed; want ½, 1/12, 0", mean, square, product)
	}
}
