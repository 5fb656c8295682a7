// Package purego is the reference device: every kernel of device.Device in
// plain Go, with matrix products by gonum. It needs no C, is deterministic, and
// is what the other devices are tested against.
package purego

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/learning/device"
)

// Device is a device.Device on the Go heap. It belongs to one goroutine at a
// time.
type Device struct {
	patches []float32 // im2col matrix of one image
	dpre    []float32 // gradient before the activation, for convolutions
	step    []float32 // a time step of a scan
}

var _ device.Device = (*Device)(nil)

// New makes a device.
func New() device.Device { return &Device{} }

// Name identifies the device in reports.
func (*Device) Name() string { return "pure Go" }

// Close does nothing: memory belongs to the garbage collector.
func (*Device) Close() error { return nil }

// Alloc makes a zeroed buffer of n numbers.
func (*Device) Alloc(n int) (device.Buffer, error) {
	if n < 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers", n)
	}
	if n == 0 {
		return device.Buffer{}, nil
	}
	host := make([]float32, n)
	return device.Buffer{Addr: uintptr(unsafe.Pointer(&host[0])), Len: n, Host: host}, nil
}

// Free leaves the buffer to the garbage collector.
func (*Device) Free(device.Buffer) {}

// Upload copies src to the start of dst.
func (*Device) Upload(dst device.Buffer, src []float32) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d numbers to a buffer of %d", len(src), dst.Len)
	}
	copy(dst.Host, src)
	return nil
}

// Download copies the start of src to dst.
func (*Device) Download(dst []float32, src device.Buffer) error {
	if len(dst) > src.Len {
		return fmt.Errorf("downloading %d numbers from a buffer of %d", len(dst), src.Len)
	}
	copy(dst, src.Host)
	return nil
}

// UploadPixels stores src/255 − 0.5.
func (*Device) UploadPixels(dst device.Buffer, src []uint8) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	for i, v := range src {
		dst.Host[i] = float32(v)/255 - 0.5
	}
	return nil
}

// Copy copies src to dst.
func (*Device) Copy(dst, src device.Buffer) {
	same("Copy", dst.Len, src.Len)
	copy(dst.Host, src.Host)
}

// Fill sets every number of dst to v.
func (*Device) Fill(dst device.Buffer, v float32) {
	for i := range dst.Host {
		dst.Host[i] = v
	}
}

// Axpy is y += alpha·x.
func (*Device) Axpy(alpha float32, x, y device.Buffer) {
	same("Axpy", x.Len, y.Len)
	for i, v := range x.Host {
		y.Host[i] += alpha * v
	}
}

// Sync has nothing to wait for.
func (*Device) Sync() error { return nil }

// same panics unless two sizes agree.
func same(kernel string, a, b int) {
	if a != b {
		panic(fmt.Sprintf("purego: %s of %d and %d numbers", kernel, a, b))
	}
}

// sameShape panics unless two views have one shape.
func sameShape(kernel string, a, b device.Mat) {
	if a.Rows != b.Rows || a.Cols != b.Cols {
		panic(fmt.Sprintf("purego: %s of %d×%d and %d×%d", kernel, a.Rows, a.Cols, b.Rows, b.Cols))
	}
}

// row is row i of m.
func row(m device.Mat, i int) []float32 {
	lo := m.Offset + i*m.Stride
	return m.Host[lo : lo+m.Cols : lo+m.Cols]
}

// grown returns a slice of n numbers, of s where it is long enough.
func grown(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
