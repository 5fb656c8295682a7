package gl

import (
	"testing"

	"github.com/latco-studio/latco/render/gl/egl"
)

// Sizes that take turns keep their framebuffers; the least recently used goes.
func TestTargetsAreKept(t *testing.T) {
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	r, err := New(c, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	get := func(w, h int) (got *target) {
		if stopped := r.thread.Call(func() { got, err = r.targets.get(w, h) }); stopped != nil || err != nil {
			t.Fatal(stopped, err)
		}
		return got
	}
	small, large := get(64, 64), get(320, 240)
	for i := range 2 * maxTargets { // a window being resized
		get(100+i, 100)
		if get(64, 64) != small || get(320, 240) != large {
			t.Fatalf("a size in use was made again after %d others", i+1)
		}
	}
	if n := len(r.targets.list); n != maxTargets {
		t.Errorf("%d framebuffers are kept, want %d", n, maxTargets)
	}
}

func TestSamplesFallBack(t *testing.T) {
	for _, want := range []int{1, 4, 1 << 20} {
		c, err := egl.Open()
		if err != nil {
			t.Fatal(err)
		}
		r, err := New(c, Options{Samples: want})
		if err != nil {
			t.Fatal(err)
		}
		if got := int(r.targets.samples); got > want || want == 1 && got != 0 {
			t.Errorf("asked for %d samples, got %d", want, got)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(c, Options{Samples: -1}); err == nil {
		t.Error("negative samples were accepted")
	}
}
