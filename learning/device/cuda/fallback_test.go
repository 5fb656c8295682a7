//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"math/rand"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/emulate"
	"github.com/latco-studio/latco/learning/device/purego"
)

// Codes of the driver and of cuBLAS.
const (
	outOfMemory, notSupported, captureUnsupported = 2, 801, 900
	archMismatch, blasNotSupported                = 8, 15
)

// doubling is work that multiplies x by two and adds one.
func doubling(d *Device, x, y device.Buffer) *device.Repeated {
	return device.Repeat(d, func() error {
		d.Fill(y, 1)
		d.Axpy(2, x, y)
		d.Copy(x, y)
		return nil
	})
}

// A driver that cannot capture, or launch what it captured, repeats work command by
// command, and says so once.
func TestWithoutGraphs(t *testing.T) {
	for _, c := range []struct {
		call  string
		after int // repetitions before the driver refuses
		code  int
	}{
		{"cuStreamBeginCapture_v2", 0, captureUnsupported},
		{"cuStreamEndCapture", 0, captureUnsupported},
		{"cuGraphInstantiateWithFlags", 0, outOfMemory},
		{"cuGraphInstantiateWithFlags", 0, notSupported},
		{"cuGraphLaunch", 0, notSupported},
		{"cuGraphLaunch", 3, outOfMemory},
	} {
		t.Run(c.call, func(t *testing.T) {
			d := emulated(t, Options{})
			x, _ := d.Alloc(1000)
			y, _ := d.Alloc(1000)
			usual := d.Name()
			work, want := doubling(d, x, y), float32(0)
			got := make([]float32, 1000)
			for i := range 6 {
				if i == c.after {
					emulate.Refuse(c.call, -1, c.code)
				}
				if err := errors.Join(work.Do(), d.Download(got, x)); err != nil {
					t.Fatalf("repetition %d: %v", i, err)
				}
				if want = 2*want + 1; got[0] != want || got[999] != want {
					t.Fatalf("repetition %d gives %g and %g, want %g", i, got[0], got[999], want)
				}
			}
			emulate.Refuse("", 0, 0)
			if err := errors.Join(work.Close(), d.Sync()); err != nil {
				t.Error(err)
			}
			if n := strings.Count(d.Name(), "kernel by kernel"); n != 1 || strings.Contains(usual, "kernel by kernel") {
				t.Errorf("the device says so %d times: %s", n, d.Name())
			}
			for _, b := range []device.Buffer{x, y} {
				d.Free(b)
			}
		})
	}
}

// Steps that are not to be graphs are none, and that is nothing to speak of.
func TestPlain(t *testing.T) {
	d := emulated(t, Options{Plain: true})
	x, _ := d.Alloc(10)
	y, _ := d.Alloc(10)
	emulate.Refuse("cuStreamBeginCapture_v2", -1, captureUnsupported)
	defer emulate.Refuse("", 0, 0)
	work := doubling(d, x, y)
	for range 3 {
		if err := work.Do(); err != nil {
			t.Fatal(err)
		}
	}
	got := make([]float32, 10)
	if err := errors.Join(d.Download(got, x), work.Close()); err != nil || got[9] != 7 || strings.Contains(d.Name(), ";") {
		t.Errorf("%v, %v, %s", err, got, d.Name())
	}
	d.Free(x)
	d.Free(y)
}

// Whatever ends a context is a lost device.
func TestCodesOfALostDevice(t *testing.T) {
	defer emulate.Refuse("", 0, 0)
	for _, code := range []int{100, 214, 700, 702, 719, 721, 810, 999} {
		d := emulated(t, Options{})
		emulate.Refuse("cuLaunchKernel", 1, code)
		d.Fill(device.Buffer{Addr: d.answer, Len: 2}, 0)
		if lost := new(device.LostError); !errors.As(d.Sync(), &lost) {
			t.Errorf("code %d is no lost device", code)
		}
	}
}

// A card that is lost while it records is lost.
func TestLostWhileRecording(t *testing.T) {
	d := emulated(t, Options{})
	x, _ := d.Alloc(1000)
	y, _ := d.Alloc(1000)
	work := doubling(d, x, y)
	if err := errors.Join(work.Do(), d.Sync()); err != nil {
		t.Fatal(err)
	}
	emulate.Refuse("cuStreamEndCapture", 1, 719) // launch failed
	defer emulate.Refuse("", 0, 0)
	var lost *device.LostError
	if err := work.Do(); !errors.As(err, &lost) {
		t.Errorf("recording on a lost card gave %v", err)
	}
}

// Where cuBLAS fails, own kernels multiply: what was queued for it, what is
// recorded, and everything after.
func TestCuBLASFails(t *testing.T) {
	for _, status := range []int{archMismatch, blasNotSupported} {
		for _, recorded := range []bool{false, true} {
			multiplyWithout(t, status, recorded)
		}
	}
}

func multiplyWithout(t *testing.T, status int, recorded bool) {
	d, ref := emulated(t, Options{AllBLAS: true}), purego.New()
	rng := rand.New(rand.NewSource(5))
	const m, n, k = 40, 50, 3000 // deep: split into parts, which need scratch memory
	var mine, theirs [3]device.Mat
	for i, shape := range [3][2]int{{m, k}, {k, n}, {m, n}} {
		x := random(rng, shape[0]*shape[1])
		for dev, to := range map[device.Device]*device.Mat{d: &mine[i], ref: &theirs[i]} {
			b, err := dev.Alloc(len(x))
			if err := errors.Join(err, dev.Upload(b, x)); err != nil {
				t.Fatal(err)
			}
			*to = b.Mat(shape[0], shape[1])
		}
	}
	gemm := func(dev device.Device, a [3]device.Mat) { dev.Gemm(false, false, 1, a[0], a[1], 0.5, a[2]) }
	work := device.Repeat(d, func() error { gemm(d, mine); return nil })
	if recorded { // done once by cuBLAS, which fails while it is recorded
		if err := errors.Join(work.Do(), d.Sync()); err != nil {
			t.Fatal(err)
		}
		gemm(ref, theirs)
	}
	emulate.Refuse("cublasSgemm_v2", -1, status)
	defer emulate.Refuse("", 0, 0)
	for range 3 {
		if recorded {
			if err := work.Do(); err != nil {
				t.Fatal(err)
			}
		} else {
			gemm(d, mine)
			gemm(d, mine)
			gemm(ref, theirs)
		}
		gemm(ref, theirs)
	}
	got := make([]float32, m*n)
	if err := errors.Join(d.Download(got, mine[2].Buffer), work.Close(), d.Sync()); err != nil {
		t.Fatalf("status %d: %v (%s)", status, err, emulate.Fault())
	}
	for i, v := range got {
		if w := theirs[2].Host[i]; v-w > 1e-2 || w-v > 1e-2 {
			t.Fatalf("status %d, recorded %v: [%d] is %g, want %g", status, recorded, i, v, w)
		}
	}
	if name := d.Name(); !strings.Contains(name, "own matrix kernels: cuBLAS 12.0.0 multiplied no 40×3000×50") || strings.Contains(name, "kernel by kernel") {
		t.Errorf("the device is %s", name)
	}
}

// The library in use can be asked for.
func TestLibrary(t *testing.T) {
	d := emulated(t, Options{})
	if name, err := Library(d.Info()); err != nil || name != emulate.Library(t) {
		t.Errorf("%q, %v", name, err)
	}
}

// A cuBLAS that does not start is one that is not there, and the device says why.
func TestCuBLASDoesNotStart(t *testing.T) {
	emulated(t, Options{}) // opens the driver
	emulate.Refuse("cublasCreate_v2", 1, 1)
	defer emulate.Refuse("", 0, 0)
	d := emulated(t, Options{})
	if name := d.Name(); !strings.Contains(name, "own matrix kernels: ") || !strings.Contains(name, "does not start: NotInitialized") {
		t.Errorf("the device is %s", name)
	}
	if name := emulated(t, Options{}).Name(); !strings.Contains(name, "cuBLAS 12.0.0") {
		t.Errorf("the next device is %s", name)
	}
}
