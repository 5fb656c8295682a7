package gl_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"math"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
	"unsafe"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/egl"
)

func TestErrorsNameTheCause(t *testing.T) {
	r := newRenderer(t)
	small := image.NewRGBA(image.Rect(0, 0, 8, 8))
	for name, test := range map[string]struct {
		change func(dst **image.RGBA, s *render.Scene, c *render.Camera)
		want   string
	}{
		"empty image": {func(dst **image.RGBA, _ *render.Scene, _ *render.Camera) { *dst = new(image.RGBA) }, "image of 0×0"},
		"huge image": {func(dst **image.RGBA, _ *render.Scene, _ *render.Camera) {
			*dst = &image.RGBA{Rect: image.Rect(0, 0, 1<<20, 1)}
		}, "image of 1048576×1"},
		"no distance":  {func(_ **image.RGBA, _ *render.Scene, c *render.Camera) { c.Distance = 0 }, "Distance > 0"},
		"NaN camera":   {func(_ **image.RGBA, _ *render.Scene, c *render.Camera) { c.Azimuth = math.NaN() }, "finite"},
		"wide camera":  {func(_ **image.RGBA, _ *render.Scene, c *render.Camera) { c.FovY = 180 }, "FovY"},
		"NaN geom":     {func(_ **image.RGBA, s *render.Scene, _ *render.Camera) { s.Geoms[1].Pos[2] = float32(math.NaN()) }, "geom 1: not finite"},
		"shape":        {func(_ **image.RGBA, s *render.Scene, _ *render.Camera) { s.Geoms[2].Shape = 99 }, "geom 2: unknown shape 99"},
		"texture":      {func(_ **image.RGBA, s *render.Scene, _ *render.Camera) { s.Geoms[0].Texture = 5 }, "geom 0: texture 5 of 1"},
		"texture size": {func(_ **image.RGBA, s *render.Scene, _ *render.Camera) { s.Textures[0].Width = 63 }, "texture \"checker\""},
		"lights":       {func(_ **image.RGBA, s *render.Scene, _ *render.Camera) { s.Lights = make([]render.Light, 99) }, "99 lights"},
	} {
		dst := small
		s, c := shapes()
		test.change(&dst, s, &c)
		if err := r.Draw(dst, s, c); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", name, err, test.want)
		}
	}
	s, c := shapes()
	if err := r.Draw(small, s, c); err != nil {
		t.Errorf("after the errors: %v", err)
	}
}

func TestClosedRendererSaysSo(t *testing.T) {
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	r, err := gl.New(c, gl.Options{Samples: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	s, camera := board()
	if err := r.Draw(image.NewRGBA(image.Rect(0, 0, 8, 8)), s, camera); !errors.Is(err, gl.ErrStopped) {
		t.Errorf("Draw: %v, want ErrStopped", err)
	}
	if err := r.Close(); !errors.Is(err, gl.ErrStopped) {
		t.Errorf("Close: %v, want ErrStopped", err)
	}
}

// foreign is a context of another kind than the tests'.
type foreign struct{ *egl.Context }

func (foreign) ProcAddress(string) unsafe.Pointer { panic("asked for another kind's functions") }

func TestOneKindOfContext(t *testing.T) {
	newRenderer(t) // decides the kind
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	var kind *gl.KindError
	if _, err := gl.New(foreign{c}, gl.Options{}); !errors.As(err, &kind) {
		t.Errorf("got %v, want a KindError", err)
	} else if !strings.Contains(err.Error(), "foreign") || !strings.Contains(err.Error(), "egl.Context") {
		t.Errorf("%q does not name both kinds", err)
	}
}

func TestGoroutinesTakeTurns(t *testing.T) {
	r := newRenderer(t)
	s, c := board()
	want := draw(t, r, s, c, 32, 32)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				if got := draw(t, r, s, c, 32, 32); !bytes.Equal(got.Pix, want.Pix) {
					t.Error("another goroutine's drawing shows")
				}
			}
		})
	}
	wg.Wait()
}

// Renderers draw the same pixels, whichever display they are on and while others
// draw.
func TestRenderersAgree(t *testing.T) {
	type picture struct {
		s *render.Scene
		c render.Camera
	}
	var pictures []picture
	for _, make := range []func() (*render.Scene, render.Camera){board, ghosts, shapes} {
		s, c := make()
		pictures = append(pictures, picture{s, c})
	}
	first := newRenderer(t)
	var want [][]uint8
	for _, p := range pictures {
		want = append(want, draw(t, first, p.s, p.c, 64, 64).Pix)
	}
	var wg sync.WaitGroup
	for range 4 {
		r := newRenderer(t)
		wg.Go(func() {
			for range 3 {
				for i, p := range pictures {
					if got := draw(t, r, p.s, p.c, 64, 64); !bytes.Equal(got.Pix, want[i]) {
						t.Errorf("picture %d: another renderer draws other pixels (%s and %s)", i, first.Info(), r.Info())
					}
				}
			}
		})
	}
	wg.Wait()
}

// A thousand pictures of changing size, and renderers that come and go, leave
// memory and goroutines where they were.
func TestNothingLeaks(t *testing.T) {
	r := newRenderer(t)
	s, c := ghosts()
	mixed := func(n int) {
		for i := range n {
			draw(t, r, s, c, 64, 64)
			draw(t, r, s, c, 40+i%50, 40+i%7)
		}
	}
	comeAndGo := func(n int) {
		for range n {
			x, err := egl.Open()
			if err != nil {
				t.Fatal(err)
			}
			r, err := gl.New(x, gl.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	mixed(100)
	comeAndGo(20) // the software rasteriser keeps what its two displays have allocated
	before, goroutines := residentKiB(t), runtime.NumGoroutine()
	mixed(450)
	comeAndGo(20)
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > goroutines; runtime.Gosched() {
		if time.Now().After(end) { // the last thread's goroutine may still be on its way out
			t.Fatalf("%d goroutines became %d", goroutines, runtime.NumGoroutine())
		}
	}
	if now := residentKiB(t); now > before+20<<10 {
		t.Errorf("resident memory grew from %d to %d KiB", before, now)
	}
}

// Meshes and textures of scenes that are gone do not stay, and drawing those that are
// there makes no garbage.
func TestScenesComeAndGo(t *testing.T) {
	r := newRenderer(t)
	dst := image.NewRGBA(image.Rect(0, 0, 64, 64))
	visit := func() {
		s, c := meshes()
		s.Geoms[1].Mesh = star(8000, true) // 5 MB each
		if err := r.Draw(dst, s, c); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		visit()
	}
	before := residentKiB(t)
	for range 60 {
		visit()
	}
	if now := residentKiB(t); now > before+60<<10 {
		t.Errorf("resident memory grew from %d to %d KiB", before, now)
	}
	s, c := meshes()
	if n := testing.AllocsPerRun(50, func() {
		if err := r.Draw(dst, s, c); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%g allocations a picture", n)
	}
}

// residentKiB reads the process's resident set.
func residentKiB(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	runtime.GC()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n := 0
			for _, r := range rest {
				if r >= '0' && r <= '9' {
					n = 10*n + int(r-'0')
				}
			}
			return n
		}
	}
	t.Fatal("no VmRSS")
	return 0
}

func TestThread(t *testing.T) {
	thread := gl.NewOSThread()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		thread.Loop(ctx)
		close(done)
	}()
	sum := 0
	for i := range 10 {
		if err := thread.Call(func() { sum += i }); err != nil {
			t.Fatal(err)
		}
	}
	if sum != 45 {
		t.Errorf("sum %d, want 45", sum)
	}
	cancel()
	<-done
	if err := thread.Call(func() { t.Error("ran after the loop") }); !errors.Is(err, gl.ErrStopped) {
		t.Errorf("Call: %v, want ErrStopped", err)
	}
}
