package mujoco

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/latco-studio/latco/render"
)

// resident is the memory of this process in KiB, C's included.
func resident(t *testing.T) int {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("resident memory is read from /proc")
	}
	debug.FreeOSMemory()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Fatal(err)
	}
	var total, pages int
	if _, err := fmt.Sscan(string(text), &total, &pages); err != nil {
		t.Fatal(err)
	}
	return pages * os.Getpagesize() / 1024
}

// grows does work n times and fails if the resident memory grows by more than
// limit KiB in every third of them after the first: a leak grows always, the
// allocators' reserves only now and then. It keeps to one OS thread, since every
// thread has reserves of its own.
func grows(t *testing.T, n, limit int, work func()) {
	t.Helper()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var sizes []int
	leaking := true
	for third := range 3 {
		for range (n + 2) / 3 {
			work()
		}
		sizes = append(sizes, resident(t))
		if third > 0 && sizes[third]-sizes[third-1] <= limit {
			leaking = false
		}
	}
	t.Logf("resident after each third of %d: %d KiB", n, sizes)
	if leaking {
		t.Errorf("memory grows: %d KiB", sizes)
	}
}

func TestResetsDoNotLeak(t *testing.T) {
	m, d := load(t, cartpole)
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var view render.Scene
	grows(t, 10_000, 1024, func() {
		if err := d.Reset(); err != nil {
			t.Fatal(err)
		}
		if err := d.Step(2); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(d, &view); err != nil {
			t.Fatal(err)
		}
	})
}

func TestLoadsDoNotLeak(t *testing.T) {
	// One lost model or data (≥ 20 KiB each) a round would be ≥ 6 MiB a third.
	grows(t, 1_000, 4096, func() {
		m, err := Load("cartpole", []byte(cartpole))
		if err != nil {
			t.Fatal(err)
		}
		d, err := m.NewData()
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.NewScene()
		if err != nil {
			t.Fatal(err)
		}
		m.Close()
		if err := d.Step(1); err != nil {
			t.Fatal(err)
		}
		s.Close()
		d.Close()
		if _, err := Load("bad", []byte("<mujoco")); err == nil {
			t.Fatal("want an error")
		}
	})
}
