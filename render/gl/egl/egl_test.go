//go:build linux

package egl_test

import (
	"errors"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/latco-studio/latco/render/gl/egl"
)

func TestOpen(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	c, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(c.Info(), "EGL 1.") {
		t.Errorf("Info %q does not name the version", c.Info())
	}
	if err := c.MakeCurrent(); err != nil {
		t.Fatal(err)
	}
	if c.ProcAddress("glDrawElementsInstanced") == nil {
		t.Error("glDrawElementsInstanced not found")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// Two contexts live side by side, and closing one leaves the other.
func TestContextsAreIndependent(t *testing.T) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var open [2]*egl.Context
	for i := range open {
		c, err := egl.Open()
		if err != nil {
			t.Fatal(err)
		}
		open[i] = c
	}
	for _, c := range open {
		if err := c.MakeCurrent(); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// Without a driver the error lists what was tried and what to install. The
// loader reads its folders once, so this needs a process of its own.
func TestNoDriver(t *testing.T) {
	if os.Getenv("__EGL_VENDOR_LIBRARY_DIRS") != "" {
		_, err := egl.Open()
		if !errors.Is(err, egl.ErrMissing) {
			t.Fatalf("error %v, want ErrMissing", err)
		}
		for _, part := range []string{"default display: ", "apt-get install libegl1 libgl1-mesa-dri"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q lacks %q", err, part)
			}
		}
		return
	}
	self := exec.Command(os.Args[0], "-test.run=^TestNoDriver$", "-test.v")
	self.Env = append(os.Environ(), "__EGL_VENDOR_LIBRARY_DIRS="+t.TempDir())
	if out, err := self.CombinedOutput(); err != nil || !strings.Contains(string(out), "--- PASS: TestNoDriver") {
		t.Errorf("%v: %s", err, out)
	}
}
