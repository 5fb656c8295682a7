package devicetest

import (
	"fmt"
	"testing"
)

// memory checks what moves numbers without changing them, and the simplest
// arithmetic on whole buffers.
func (s *suite) memory(t *testing.T) {
	t.Run("Alloc", s.alloc)
	for _, n := range []int{1, 7, 64, 1001, 100_003} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
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
			})
		})
	}
	t.Run("Errors", func(t *testing.T) {
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
		if _, err := s.dev.Alloc(-1); err == nil {
			t.Error("Alloc(-1) gave no error")
		}
	})
}

// alloc checks that fresh memory is zero even where it was used before.
func (s *suite) alloc(t *testing.T) {
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
