package glfw_test

import (
	"image"
	"os"
	"runtime"
	"strings"
	"testing"

	native "github.com/go-gl/glfw/v3.3/glfw"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/glfw"
)

// mainCalls is served by the main thread, as a window toolkit's loop would.
var mainCalls = make(chan func())

func onMain(f func()) {
	done := make(chan struct{})
	mainCalls <- func() {
		defer close(done)
		f()
	}
	<-done
}

func TestMain(m *testing.M) {
	runtime.LockOSThread()
	code := make(chan int)
	go func() { code <- m.Run() }()
	for {
		select {
		case f := <-mainCalls:
			f()
		case c := <-code:
			os.Exit(c)
		}
	}
}

func TestOpenWithoutGLFWSaysWhatToInstall(t *testing.T) {
	_, err := glfw.Open(onMain)
	if err == nil || !strings.Contains(err.Error(), "apt-get install libgl1") {
		t.Errorf("error %v, want one that says what to install", err)
	}
}

func TestHiddenWindowDraws(t *testing.T) {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		t.Skip("GLFW needs a display: run under xvfb-run")
	}
	var err error
	onMain(func() { err = native.Init() })
	if err != nil {
		t.Fatal(err)
	}
	defer onMain(native.Terminate)
	for range 2 { // one after another in the same process
		c, err := glfw.Open(onMain)
		if err != nil {
			t.Fatal(err)
		}
		r, err := gl.New(c, gl.Options{})
		if err != nil {
			t.Fatal(err)
		}
		s := &render.Scene{Geoms: []render.Geom{{
			Shape: render.Sphere, Size: [3]float32{0.5}, Mat: [9]float32{0: 1, 4: 1, 8: 1}, RGBA: [4]float32{1, 0, 0, 1},
		}}}
		dst := image.NewRGBA(image.Rect(0, 0, 64, 64))
		if err := r.Draw(dst, s, render.Camera{Distance: 3}); err != nil {
			t.Fatal(err)
		}
		if p := dst.RGBAAt(32, 32); p.R < 128 || p.G > p.R/2 {
			t.Errorf("middle of a red ball is %v (%s)", p, r.Info())
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
