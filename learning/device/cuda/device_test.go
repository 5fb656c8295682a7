//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"math"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// emulated opens a device on the emulated driver, every buffer an allocation of the
// driver's own, so that what is written beside one is found.
func emulated(t *testing.T, o Options) *Device {
	t.Helper()
	o.Driver = emulate.Library(t)
	if o.BLAS == "" {
		o.BLAS = o.Driver
	}
	if o.Chunk == 0 {
		o.Chunk = 1
	}
	d, err := open(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("closing: %v (%s)", err, emulate.Fault())
		}
	})
	return d
}

func TestDevices(t *testing.T) {
	cards, err := Devices(Options{Driver: emulate.Library(t)})
	if err != nil {
		t.Fatal(err)
	}
	want := "Emulated GPU (8.6 GB, compute 8.0, driver for CUDA 12.0)"
	if len(cards) != 1 || cards[0].String() != want {
		t.Errorf("cards are %v, want one: %s", cards, want)
	}
	if got := cards[0].Bandwidth(); got != 16e9 {
		t.Errorf("bandwidth %g, want 16e9", got)
	}
	if got := cards[0].FLOPS(); got != 2*64*2*1e9 {
		t.Errorf("peak %g, want 256e9", got)
	}
	if _, err := New(Options{Driver: emulate.Library(t), Index: 1}); err == nil || !strings.Contains(err.Error(), "there are 1") {
		t.Errorf("card 1 of 1 gave %v", err)
	}
}

// The whole suite of every device, multiplied by own kernels.
func TestSuite(t *testing.T) {
	d := emulated(t, Options{OwnGemm: true})
	devicetest.Run(t, d, purego.New())
	if fault := emulate.Fault(); fault != "" {
		t.Error(fault)
	}
}

// cuBLAS multiplies by columns what lies there by rows.
func TestCuBLASMultiplies(t *testing.T) {
	d, ref := emulated(t, Options{AllBLAS: true}), purego.New()
	if !strings.Contains(d.Name(), "cuBLAS 12.0.0") {
		t.Fatalf("the device is %s", d.Name())
	}
	rng := rand.New(rand.NewSource(3))
	for _, z := range [][3]int{{1, 1, 1}, {1, 60, 23}, {50, 6, 20}, {3, 5, 7}, {17, 33, 65}, {2, 3, 1}} {
		for bits := range 4 {
			ta, tb := bits&1 != 0, bits&2 != 0
			for _, coefficients := range [][2]float32{{1, 0}, {-0.5, 0.25}} {
				var got, want [3]device.Mat
				for i, shape := range [3][2]int{{z[0], z[2]}, {z[2], z[1]}, {z[0], z[1]}} {
					if i == 0 && ta || i == 1 && tb {
						shape[0], shape[1] = shape[1], shape[0]
					}
					m := device.Mat{Offset: rng.Intn(3), Rows: shape[0], Cols: shape[1], Stride: shape[1] + rng.Intn(3)}
					if m.Rows == 1 {
						m.Stride = 0
					}
					x := random(rng, m.Offset+m.Rows*max(m.Stride, m.Cols)+1)
					got[i], want[i] = m, m
					for dev, to := range map[device.Device]*device.Mat{d: &got[i], ref: &want[i]} {
						b, err := dev.Alloc(len(x))
						if err := errors.Join(err, dev.Upload(b, x)); err != nil {
							t.Fatal(err)
						}
						to.Buffer = b
						defer dev.Free(b)
					}
				}
				d.Gemm(ta, tb, coefficients[0], got[0], got[1], coefficients[1], got[2])
				for i := range want {
					want[i].Stride = max(want[i].Stride, want[i].Cols)
				}
				ref.Gemm(ta, tb, coefficients[0], want[0], want[1], coefficients[1], want[2])
				c := make([]float32, got[2].Len)
				if err := errors.Join(d.Download(c, got[2].Buffer), d.Sync()); err != nil {
					t.Fatalf("%v %v %v: %v", z, ta, tb, err)
				}
				for i, v := range c {
					if w := want[2].Host[i]; math.Abs(float64(v-w)) > 1e-4 {
						t.Fatalf("%v, transposed %v %v: [%d] is %g, want %g", z, ta, tb, i, v, w)
					}
				}
			}
		}
	}
}

func random(rng *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	return x
}

// Uploads of every size come back as they were, also when slots are used again
// before the card has taken what was in them.
func TestUploadsKeepTheirOrder(t *testing.T) {
	d := emulated(t, Options{})
	rng := rand.New(rand.NewSource(1))
	sizes := []int{0, 1, 3, 1000, smallUpload / 4, smallUpload/4 + 1, 1 << 18, slotBytes/4 + 7, 3, 3 * slotBytes / 4}
	for round := range 3 {
		var buffers []device.Buffer
		var want [][]float32
		for _, n := range sizes {
			b, err := d.Alloc(n)
			if err != nil {
				t.Fatal(err)
			}
			x := random(rng, n)
			if err := d.Upload(b, x); err != nil {
				t.Fatal(err)
			}
			buffers, want = append(buffers, b), append(want, append([]float32{}, x...))
			clear(x) // it may be used again at once
		}
		for i, b := range buffers {
			got := make([]float32, b.Len)
			if err := d.Download(got, b); err != nil {
				t.Fatal(err)
			}
			for j, v := range got {
				if v != want[i][j] {
					t.Fatalf("round %d, buffer of %d: [%d] is %v, want %v", round, b.Len, j, v, want[i][j])
				}
			}
			d.Free(b)
		}
	}
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
}

// What crosses on the copy stream must not reach memory that was freed, but which
// kernels queued before still read.
func TestStagingLeavesFreedMemoryAlone(t *testing.T) {
	d := emulated(t, Options{Chunk: 64 << 20})
	emulate.Hasty(true)
	defer emulate.Hasty(false)
	const n = 3 * slotBytes / 4
	kept, err := d.Alloc(n)
	if err != nil {
		t.Fatal(err)
	}
	freed, err := d.Alloc(n)
	if err != nil {
		t.Fatal(err)
	}
	d.Fill(freed, 3)
	d.Copy(kept, freed)
	d.Free(freed)
	got := make([]float32, n)
	if err := errors.Join(d.Upload(device.Buffer{Addr: kept.Addr, Len: 1 << 16}, make([]float32, 1<<16)), d.Download(got, kept)); err != nil {
		t.Fatal(err)
	}
	for i, v := range got {
		if want := float32(3 * min(1, i>>16)); v != want {
			t.Fatalf("[%d] is %v, want %v", i, v, want)
		}
	}
	d.Free(kept)
}

func TestPixelsAreThoseOfTheReference(t *testing.T) {
	d, ref := emulated(t, Options{}), purego.New()
	rng := rand.New(rand.NewSource(2))
	const n = 40_000
	pixels := make([]uint8, n)
	rng.Read(pixels)
	b, err := d.Alloc(n)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := ref.Alloc(n)
	got := make([]float32, n)
	for _, bits := range []int{8, 5, 1} {
		for _, seed := range []uint64{0, 7, 1<<40 + 3} {
			if err := errors.Join(d.UploadLevels(b, pixels, bits, seed), ref.UploadLevels(want, pixels, bits, seed), d.Download(got, b)); err != nil {
				t.Fatal(err)
			}
			for i := range got {
				if math.Abs(float64(got[i]-want.Host[i])) > 1e-7 {
					t.Fatalf("%d bits, seed %d: [%d] is %v, want %v", bits, seed, i, got[i], want.Host[i])
				}
			}
		}
	}
}

// A recorded sequence gives what the sequence gives, on the numbers its buffers hold
// when it is repeated.
func TestRecording(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(1000)
	y, _ := d.Alloc(1000)
	runs := 0
	work := device.Repeat(d, func() error {
		runs++
		d.Fill(y, 1)
		for range 200 { // longer than a list
			d.Axpy(0.5, x, y)
		}
		d.Copy(x, y)
		return nil
	})
	got := make([]float32, 1000)
	for i, v := range []float32{2, 3, -1, 7} {
		d.Fill(x, v)
		if err := errors.Join(work.Do(), d.Download(got, x)); err != nil {
			t.Fatal(err)
		}
		if want := 1 + 100*v; got[0] != want || got[999] != want {
			t.Errorf("repetition %d of %g gives %g, want %g", i, v, got[0], want)
		}
	}
	if runs != 2 {
		t.Errorf("the work was queued %d times, want 2: once done, once recorded", runs)
	}
	if err := errors.Join(work.Close(), work.Close(), d.Sync()); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(work.Do(), work.Close()); err != nil || runs != 3 {
		t.Errorf("after Close: %v, %d runs", err, runs)
	}
	failing := device.Repeat(d, func() error { return errors.New("no") })
	failing.Do()
	if err := failing.Do(); err == nil || err.Error() != "recording a sequence of kernels: no" {
		t.Errorf("a recording that fails gave %v", err)
	}
	if err := d.Sync(); err != nil {
		t.Error(err)
	}
}

// A recording that is closed after its device has gone with it.
func TestRecordingOutlivesItsDevice(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(10)
	work := device.Repeat(d, func() error { d.Fill(x, 1); return nil })
	if err := errors.Join(work.Do(), work.Do(), d.Close(), work.Close()); err != nil {
		t.Error(err)
	}
}

func TestOutOfMemory(t *testing.T) {
	d := emulated(t, Options{})
	emulate.Limit(1 << 30)
	defer emulate.Limit(8 << 30)
	_, err := d.Alloc(1 << 28)
	var full *device.OutOfMemoryError
	if !errors.As(err, &full) || full.Asked != 1<<30 || full.Free <= 0 || full.Free >= 1<<30 || full.Total != 1<<30 {
		t.Fatalf("allocating more than there is gave %v", err)
	}
	if text := err.Error(); !strings.Contains(text, "asked for 1.07 GB") || !strings.Contains(text, "a smaller batch") {
		t.Errorf("the error says %q", text)
	}
	b, err := d.Alloc(1000) // life goes on
	if err != nil {
		t.Fatal(err)
	}
	d.Fill(b, 3)
	d.Free(b)
	if err := d.Sync(); err != nil {
		t.Error(err)
	}
}

// So is what the driver itself has no room for, when a card is opened and later.
func TestOutOfMemoryOfTheDriver(t *testing.T) {
	library := emulate.Library(t)
	d := emulated(t, Options{})
	defer emulate.Limit(8 << 30)
	defer emulate.Refuse("", 0, 0)
	for _, c := range []struct {
		prepare func()
		run     func() error
		says    string
	}{
		{func() { emulate.Refuse("cuStreamCreateWithPriority", 1, outOfMemory) },
			func() error { _, err := New(Options{Driver: library}); return err }, "making a stream: OutOfMemory, 8.56 GB of 8.59 GB are free"},
		{func() { emulate.Limit(workspaceBytes / 2) },
			func() error { _, err := New(Options{Driver: library, BLAS: library}); return err }, "setting up cuBLAS: OutOfMemory, "},
		{func() { emulate.Refuse("cuLaunchKernel", 1, outOfMemory) },
			func() error { d.Fill(device.Buffer{Addr: d.answer, Len: 2}, 0); return d.Sync() }, "launching fill of "},
		{func() { emulate.Refuse("cuMemHostAlloc", 1, outOfMemory) },
			func() error { return d.Download(make([]float32, 2), device.Buffer{Addr: d.answer, Len: 2}) }, "pinning 4194304 bytes: OutOfMemory, "},
	} {
		c.prepare()
		err := c.run()
		emulate.Limit(8 << 30)
		full := new(device.OutOfMemoryError)
		if !errors.As(err, &full) || !strings.Contains(err.Error(), "the GPU (Emulated GPU): "+c.says) || !strings.Contains(err.Error(), "a smaller batch") {
			t.Errorf("want %q of %v", c.says, err)
		}
	}
	if err := d.Sync(); err != nil {
		t.Error(err)
	}
}

// What is taken of the card's memory is missing from what is left.
func TestMemoryLeft(t *testing.T) {
	d := emulated(t, Options{})
	emulate.Limit(1 << 30)
	defer emulate.Limit(8 << 30)
	before, total, err := d.MemoryLeft()
	if err != nil || total != 1<<30 {
		t.Fatalf("%d bytes of %d left, %v; want some of 2³⁰", before, total, err)
	}
	b, err := d.Alloc(1 << 26)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Free(b)
	after, _, err := d.MemoryLeft()
	if err != nil || before-after < 4<<26 {
		t.Errorf("%d bytes left before and %d after 2²⁸ were taken, %v", before, after, err)
	}
}

// A lost device is an error everywhere, once and for ever, and closes; the next one
// works.
func TestLostDevice(t *testing.T) {
	d := emulated(t, Options{})
	b, err := d.Alloc(1000)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Sync(); err != nil {
		t.Fatal(err)
	}
	emulate.Lose(2)
	defer emulate.Reset()
	for range 5 {
		d.Fill(b, 1)
	}
	var lost *device.LostError
	if err := d.Download(make([]float32, 10), b); !errors.As(err, &lost) {
		t.Fatalf("downloading from a lost device gave %v", err)
	}
	for range 2 {
		if err := d.Sync(); !errors.As(err, &lost) {
			t.Errorf("Sync gave %v", err)
		}
	}
	if _, err := d.Alloc(1 << 20); !errors.As(err, &lost) {
		t.Errorf("Alloc gave %v", err)
	}
	if err := d.Close(); err != nil {
		t.Errorf("closing a lost device: %v", err)
	}
	emulate.Reset()
	again := emulated(t, Options{})
	c, err := again.Alloc(3)
	if err != nil {
		t.Fatal(err)
	}
	again.Fill(c, 4)
	got := make([]float32, 3)
	if err := again.Download(got, c); err != nil || got[2] != 4 {
		t.Errorf("a device opened after the loss gives %v, %v", got, err)
	}
}

func TestSyncReportsTheFirstFailureOnce(t *testing.T) {
	d := emulated(t, Options{})
	b, _ := d.Alloc(4)
	d.Fill(b, 1)
	first := errors.New("the first")
	d.fail(first)
	d.fail(errors.New("another"))
	d.Fill(b, 2) // dropped
	if err := d.Sync(); err != first {
		t.Errorf("Sync gave %v", err)
	}
	got := make([]float32, 4)
	if err := errors.Join(d.Sync(), d.Download(got, b)); err != nil || got[0] != 1 {
		t.Errorf("after the failure: %v, %v", err, got)
	}
}
