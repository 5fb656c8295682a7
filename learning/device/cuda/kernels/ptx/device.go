package ptx

import (
	"errors"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Device is a device.Device whose kernels are the embedded PTX.
type Device struct {
	kernels.Math
	Launches map[kernels.Kernel]int // of every kernel so far

	machine *Machine
	held    func() error // the launch that waits
	words   []uint64     // its argument
	scratch uint64
	sizes   map[uintptr]int
	failure error
}

var _ device.Device = (*Device)(nil)

// NewDevice makes a device. The seed decides in which order things happen that are
// in no order.
func NewDevice(p *Program, seed int64) *Device {
	d := &Device{Launches: map[kernels.Kernel]int{}, machine: NewMachine(p, seed), sizes: map[uintptr]int{}}
	d.Math.Stream = d
	return d
}

// Instructions is how many threads have executed.
func (d *Device) Instructions() int64 { return d.machine.Instructions }

// Launch runs the kernel that waits, and lets k wait in its place.
func (d *Device) Launch(k kernels.Kernel, grid, block kernels.Dim, shared int, params []uint64) {
	d.flush()
	d.Launches[k]++
	d.words = append(d.words[:0], params...)
	d.held = func() error { return d.machine.Launch(k.String(), grid, block, shared, d.words) }
}

// Amend: see kernels.Amender.
func (d *Device) Amend(params []uint64) bool {
	if d.held == nil {
		return false
	}
	copy(d.words, params)
	return true
}

// flush runs what waits. The first failure is kept for Sync.
func (d *Device) flush() {
	if d.held != nil {
		if err := d.held(); d.failure == nil {
			d.failure = err
		}
		d.held = nil
	}
}

// Scratch is new memory that nobody has written; the last is gone.
func (d *Device) Scratch(n int) uintptr {
	d.flush()
	d.machine.Free(d.scratch)
	d.scratch = d.machine.Alloc(4*n, false)
	return uintptr(d.scratch)
}

// Alloc gives n zeros at a multiple of 256 bytes.
func (d *Device) Alloc(n int) (device.Buffer, error) {
	if n < 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers", n)
	}
	if n == 0 {
		return device.Buffer{}, nil
	}
	b := device.Buffer{Addr: uintptr(d.machine.Alloc(4*n, true)), Len: n}
	d.sizes[b.Addr] = n
	return b, nil
}

// Free ends a buffer.
func (d *Device) Free(b device.Buffer) {
	d.flush()
	if _, ok := d.sizes[b.Addr]; ok {
		delete(d.sizes, b.Addr)
		d.machine.Free(uint64(b.Addr))
	}
}

// Upload copies src to the start of dst.
func (d *Device) Upload(dst device.Buffer, src []float32) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d numbers to a buffer of %d", len(src), dst.Len)
	}
	d.flush()
	if len(src) == 0 {
		return nil
	}
	a, lo, err := d.machine.memory.span(uint64(dst.Addr), len(src))
	if err != nil {
		return fmt.Errorf("uploading: %w", err)
	}
	for i, x := range src {
		a.words[lo+i] = math.Float32bits(x)
	}
	a.wrote(lo, lo+len(src))
	return nil
}

// Download copies the start of src to dst.
func (d *Device) Download(dst []float32, src device.Buffer) error {
	if len(dst) > src.Len {
		return fmt.Errorf("downloading %d numbers from a buffer of %d", len(dst), src.Len)
	}
	d.flush()
	if len(dst) == 0 || d.failure != nil {
		return d.failure
	}
	a, lo, err := d.machine.memory.span(uint64(src.Addr), len(dst))
	if err != nil {
		return fmt.Errorf("downloading: %w", err)
	}
	for i := range dst {
		dst[i] = math.Float32frombits(a.words[lo+i])
	}
	return nil
}

// UploadPixels: see device.Memory.
func (d *Device) UploadPixels(dst device.Buffer, src []uint8) error {
	return d.bytes(dst, src, func(to device.Buffer, from uintptr) { d.Pixels(to, from) })
}

// UploadLevels: see device.Memory.
func (d *Device) UploadLevels(dst device.Buffer, src []uint8, bits int, seed uint64) error {
	if bits < 1 || bits > 8 {
		return fmt.Errorf("uploading pixels of %d bits, want 1 to 8", bits)
	}
	return d.bytes(dst, src, func(to device.Buffer, from uintptr) { d.Levels(to, from, bits, seed) })
}

func (d *Device) bytes(dst device.Buffer, src []uint8, convert func(to device.Buffer, from uintptr)) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if len(src) == 0 {
		return nil
	}
	d.flush()
	at := d.machine.Alloc(len(src), true)
	a := d.machine.memory.find(at)
	for i, x := range src {
		a.words[i/4] |= uint32(x) << (8 * (i % 4))
	}
	convert(dst.Slice(0, len(src)), uintptr(at))
	d.flush()
	d.machine.Free(at)
	return d.failure
}

// Copy copies src to dst.
func (d *Device) Copy(dst, src device.Buffer) {
	if dst.Len != src.Len {
		panic(fmt.Sprintf("ptx: Copy of %d and %d numbers", dst.Len, src.Len))
	}
	host := make([]float32, src.Len)
	err := d.Download(host, src)
	if err == nil {
		err = d.Upload(dst, host)
	}
	if d.failure == nil {
		d.failure = err
	}
}

// SquaredError: see device.Gaussian.
func (d *Device) SquaredError(x, y device.Buffer, w float32, diff device.Buffer) float64 {
	return d.number(func(out uintptr) { d.SquaredErrorTo(x, y, w, diff, out) })
}

// SumSquares: see device.Optimiser.
func (d *Device) SumSquares(x device.Buffer) float64 {
	return d.number(func(out uintptr) { d.SumSquaresTo(x, out) })
}

func (d *Device) number(f func(out uintptr)) float64 {
	d.flush()
	at := d.machine.Alloc(8, false)
	a := d.machine.memory.find(at)
	f(uintptr(at))
	d.flush()
	x := math.Float64frombits(uint64(a.words[0]) | uint64(a.words[1])<<32)
	d.machine.Free(at)
	return x
}

// Sync returns the first failure since the last.
func (d *Device) Sync() error {
	d.flush()
	err := d.failure
	d.failure = nil
	return err
}

// Name says what it is.
func (*Device) Name() string { return "CUDA kernels, their PTX executed" }

// Close ends the scratch memory; buffers that are left are an error.
func (d *Device) Close() error {
	d.flush()
	d.machine.Free(d.scratch)
	if len(d.sizes) > 0 {
		return errors.New("buffers were not freed")
	}
	return nil
}
