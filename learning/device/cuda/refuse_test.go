//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

func named(name string) kernels.Kernel {
	return kernels.Kernel(slices.IndexFunc(kernels.All(), func(k kernels.Kernel) bool { return k.String() == name }))
}

// What a card does not launch is an error of that launch; the device lives on.
func TestLaunchesThatNoCardTakes(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(1000)
	defer d.Free(x)
	fill := []uint64{uint64(x.Addr), 1000, 0x40000000} // 2.0
	one, block := kernels.Dim{X: 1, Y: 1, Z: 1}, kernels.Dim{X: 256, Y: 1, Z: 1}
	for _, c := range []struct {
		what        string
		grid, block kernels.Dim
		shared      int
		refused     bool
	}{
		{"a small grid", one, block, 0, false},
		{"no blocks", kernels.Dim{X: 1, Y: 0, Z: 1}, block, 0, true},
		{"too many blocks along y", kernels.Dim{X: 1, Y: 65536, Z: 1}, block, 0, true},
		{"too many blocks along z", kernels.Dim{X: 1, Y: 1, Z: 65536}, block, 0, true},
		{"more threads than the kernel is made for", one, kernels.Dim{X: 512, Y: 1, Z: 1}, 0, true},
		{"a block that is too deep", one, kernels.Dim{X: 1, Y: 1, Z: 65}, 0, true},
		{"48 KB of shared memory", one, block, 48 << 10, false},
		{"more than 48 KB, of which the driver is told", one, block, 80 << 10, false},
		{"more shared memory than there is", one, block, 200 << 10, true},
	} {
		d.Fill(x, 0)
		d.Launch(named("fill"), c.grid, c.block, c.shared, fill)
		err := d.Sync()
		if lost := new(device.LostError); errors.As(err, &lost) {
			t.Fatalf("%s: the device is lost: %v", c.what, err)
		}
		if (err != nil) != c.refused {
			t.Errorf("%s: %v", c.what, err)
		}
		got := make([]float32, 1)
		if err := d.Download(got, x); err != nil || (got[0] == 2) == c.refused {
			t.Errorf("%s: %v, %v", c.what, got, err)
		}
	}
}

// The emulated driver refuses while a stream is captured what a driver refuses.
func TestCallsThatEndACapture(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(1000)
	defer d.Free(x)
	for what, call := range map[string]func() error{
		"cuMemAlloc":          func() error { _, err := cu.MemAlloc(100); return err },
		"cuMemFree":           func() error { return cu.MemFree(0) },
		"cuMemHostAlloc":      func() error { return new(pinned).reserve(100) },
		"cuStreamSynchronize": d.thread.compute.Synchronize,
		"cuCtxSynchronize":    cu.Synchronize,
		"cuEventSynchronize":  func() error { return d.thread.pace.marks[0].Synchronize() },
		"cuEventRecord":       func() error { return d.thread.pace.marks[0].Record(d.thread.compute) },
		"cuStreamWaitEvent":   func() error { return d.thread.compute.Wait(*d.thread.pace.marks[0], 0) },
		"cuModuleLoadData":    func() error { _, err := cu.LoadData(kernels.Modules(8, 0, true)[0]); return err },
		"a second capture": func() error {
			_, err := capture(d.thread.compute, func() error { return nil })
			return err
		},
	} {
		err := d.call(func() error {
			g, err := capture(d.thread.compute, func() error {
				if call() == nil {
					t.Errorf("%s was let through", what)
				}
				return nil
			})
			if err == nil {
				return g.close()
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	d.Fill(x, 3)
	if err := d.Sync(); err != nil {
		t.Error(err)
	}
}

// Calls on other threads, and copies of memory that may move, are refused.
func TestContextsAndHostMemory(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(1000)
	defer d.Free(x)
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
	if p, err := cu.MemAlloc(100); !errors.Is(err, cu.InvalidContext) {
		t.Errorf("a thread without a context got %v, %v", p, err)
	}
	moving := make([]float32, 100)
	err := d.call(func() error {
		return cu.MemcpyHtoDAsync(cu.DevicePtr(x.Addr), unsafe.Pointer(&moving[0]), 400, d.thread.compute)
	})
	if !errors.Is(err, cu.InvalidValue) {
		t.Errorf("copying memory that is not pinned: %v", err)
	}
}

// What somebody waits for goes first, and waiting takes no core.
func TestPriorities(t *testing.T) {
	background, urgent := emulated(t, Options{}), emulated(t, Options{Urgent: true})
	var priority [2]int
	for i, d := range []*Device{background, urgent} {
		if err := d.call(func() (err error) { priority[i], err = d.thread.compute.Priority(); return err }); err != nil {
			t.Fatal(err)
		}
	}
	if priority[1] >= priority[0] { // lower numbers go first
		t.Errorf("priorities are %v", priority)
	}
	if flags := cu.ContextFlags(emulate.ContextFlags()); flags&cu.SchedMask != cu.SchedBlockingSync {
		t.Errorf("the context's flags are %#x", flags)
	}
}

// However much is queued, a card is given little ahead of what it has done.
func TestQueueIsBounded(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(10)
	y, _ := d.Alloc(10)
	work := device.Repeat(d, func() error {
		for range 300 {
			d.Axpy(1, x, y)
		}
		return nil
	})
	const most = (paceMarks + 1) * paceEach
	for _, queue := range []func(){func() { d.Fill(x, 1) }, func() { work.Do() }} {
		queue()
		queue()
		if err := d.Sync(); err != nil {
			t.Fatal(err)
		}
		before := emulate.Launches()
		queue()
		if err := d.Sync(); err != nil {
			t.Fatal(err)
		}
		each := emulate.Launches() - before
		for range 12_000 / each {
			queue()
		}
		if err := d.call(func() error { return nil }); err != nil { // given to the card, not waited for
			t.Fatal(err)
		}
		if done := emulate.Launches() - before; done < 12_000-most-each {
			t.Errorf("of 12000 kernels, %d at a time, %d were done before anybody waited", each, done)
		}
		if err := d.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	if err := work.Close(); err != nil || strings.Contains(d.Name(), "kernel by kernel") {
		t.Errorf("%v, %s", err, d.Name())
	}
	d.Free(x)
	d.Free(y)
}
