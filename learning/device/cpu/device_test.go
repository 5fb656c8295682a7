//go:build cgo && !purego

package cpu_test

import (
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cpu"
)

func newDevice(t *testing.T, threads int) device.Device {
	t.Helper()
	d, err := cpu.New(threads)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func TestThreads(t *testing.T) {
	for _, threads := range []int{-1, 1 << 20} {
		if d, err := cpu.New(threads); err == nil || !strings.Contains(err.Error(), "threads") {
			t.Errorf("New(%d) = %v, %v; want an error about threads", threads, d, err)
		}
	}
	if name := newDevice(t, 1).Name(); !strings.Contains(name, "oneDNN") || !strings.Contains(name, "1 thread,") {
		t.Errorf("Name() = %q, want the library and 1 thread", name)
	}
	if name := newDevice(t, 3).Name(); !strings.Contains(name, "3 threads,") {
		t.Errorf("Name() = %q, want 3 threads", name)
	}
}

func TestMemoryIsTheHosts(t *testing.T) {
	d := newDevice(t, 1)
	b, err := d.Alloc(5)
	if err != nil {
		t.Fatal(err)
	}
	if b.Addr%64 != 0 || len(b.Host) != 5 {
		t.Errorf("Alloc(5): address %#x, %d numbers in Host; want a multiple of 64 and 5", b.Addr, len(b.Host))
	}
	b.Host[4] = 7
	got := make([]float32, 5)
	if err := d.Download(got, b); err != nil || got[4] != 7 {
		t.Errorf("Download gave %v, %v; want the 7 written through Host", got, err)
	}
	if _, err := d.Alloc(math.MaxInt / 64); err == nil {
		t.Error("Alloc of more memory than there is gave no error")
	}
}

func TestFreeTwicePanics(t *testing.T) {
	d := newDevice(t, 1)
	b, err := d.Alloc(5)
	if err != nil {
		t.Fatal(err)
	}
	d.Free(b)
	defer func() {
		if recover() == nil {
			t.Error("the second Free did not panic")
		}
	}()
	d.Free(b)
}

func TestCloseTwice(t *testing.T) {
	d, err := cpu.New(1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Alloc(10); err != nil { // Close frees what was left
		t.Fatal(err)
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	}
}

// Sums of one thread and of three are the same bits.
func TestSumsDoNotDependOnThreads(t *testing.T) {
	const rows, cols = 5000, 37
	sums := make([]float64, 0, 2)
	columns := make([][]float32, 0, 2)
	for _, threads := range []int{1, 3} {
		d := newDevice(t, threads)
		x, err := d.Alloc(rows * cols)
		if err != nil {
			t.Fatal(err)
		}
		out, err := d.Alloc(3 * cols)
		if err != nil {
			t.Fatal(err)
		}
		for i := range x.Host {
			x.Host[i] = float32(math.Sin(float64(i * i)))
		}
		m := x.Mat(rows, cols)
		d.ColSum(m, 0, out.Slice(0, cols))
		d.LayerNormBackward(device.Tanh, m, m, x.Slice(0, cols), m, x.Slice(0, rows), device.Mat{}, out.Slice(cols, 2*cols), out.Slice(2*cols, 3*cols))
		sums, columns = append(sums, d.SumSquares(x)), append(columns, out.Host)
	}
	if sums[0] != sums[1] {
		t.Errorf("SumSquares: %v with 1 thread, %v with 3", sums[0], sums[1])
	}
	for j, v := range columns[0] {
		if v != columns[1][j] {
			t.Fatalf("sum %d of columns: %v with 1 thread, %v with 3", j, v, columns[1][j])
		}
	}
}

func TestNoGarbage(t *testing.T) {
	d := newDevice(t, 2)
	alloc := func(n int) device.Buffer {
		b, err := d.Alloc(n)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	shapes := []device.ConvShape{
		{N: 2, H: 14, W: 14, In: 8, Out: 16, K: 4, Stride: 2}, // by oneDNN
		{N: 2, H: 6, W: 6, In: 8, Out: 16, K: 4, Stride: 2},   // by patches
		{N: 2, H: 16, W: 16, In: 3, Out: 16, K: 6, Stride: 2}, // by sub-pixels
	}
	x, y, w, b := alloc(1<<14), alloc(1<<14), alloc(1<<14), alloc(16)
	dx, dw, db := alloc(1<<14), alloc(1<<14), alloc(64)
	m := x.Mat(64, 64)
	work := func() {
		for _, s := range shapes {
			d.Conv(s, device.ELU, x, w, b.Slice(0, s.Out), y)
			d.ConvBackward(s, device.ELU, x, w, y, y, dx, dw, db.Slice(0, s.Out))
			d.Deconv(s, device.ELU, y, w, b.Slice(0, s.In), dx)
		}
		d.Gemm(false, true, 1, m, m, 0, y.Mat(64, 64))
		d.BiasAct(device.Tanh, device.Buffer{}, m)
		d.ColSum(m, 0, dw.Slice(0, 64))
		d.LayerNorm(device.Tanh, 1e-5, m, w.Slice(0, 64), w.Slice(0, 64), y.Mat(64, 64), dx.Mat(64, 64), db.Slice(0, 64))
		d.LayerNormBackward(device.Tanh, y.Mat(64, 64), m, w.Slice(0, 64), dx.Mat(64, 64), db.Slice(0, 64), m, dw.Slice(0, 64), dw.Slice(64, 128))
		d.SumSquares(x)
		d.Adam(x, y, dx, dw, 1, 0, 0.9, 0.999, 1e-7, 1)
	}
	if n := testing.AllocsPerRun(3, work); n != 0 {
		t.Errorf("%v allocations a call after warm-up, want none", n)
	}
	if err := d.Sync(); err != nil {
		t.Error(err)
	}
}

// Thousands of jobs in a row, more threads than cores: none is lost or done twice.
func TestManyJobs(t *testing.T) {
	const n, jobs = 70_000, 2000
	d := newDevice(t, 5)
	x, err := d.Alloc(n)
	if err != nil {
		t.Fatal(err)
	}
	y, err := d.Alloc(n)
	if err != nil {
		t.Fatal(err)
	}
	d.Fill(x, 1)
	for range jobs {
		d.Axpy(1, x, y)
	}
	for i, v := range y.Host {
		if v != jobs {
			t.Fatalf("y[%d] = %v after adding 1 %d times", i, v, jobs)
		}
	}
}
