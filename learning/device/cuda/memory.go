//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
)

// Alloc gives n zeros at a multiple of 256 bytes.
func (d *Device) Alloc(n int) (device.Buffer, error) {
	if n < 0 {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers", n)
	}
	if n == 0 {
		return device.Buffer{}, nil
	}
	at, err := d.arena.take(4 * int64(n))
	if err != nil {
		return device.Buffer{}, fmt.Errorf("allocating %d numbers: %w", n, err)
	}
	b := device.Buffer{Addr: at, Len: n}
	d.Fill(b, 0)
	return b, nil
}

// Free returns what Alloc gave. Freeing anything else is a programmer's mistake.
func (d *Device) Free(b device.Buffer) {
	if b.Len > 0 {
		d.arena.give(b.Addr)
	}
}

// released frees a chunk once what uses it is done.
func (d *Device) released(address uintptr) {
	if d.closing {
		cu.MemFree(cu.DevicePtr(address)) // of a context that goes next
		return
	}
	// That cuMemFree waits for the card is a habit of drivers, promised nowhere.
	if err := d.call(func() error { return errors.Join(d.thread.wait(), cu.MemFree(cu.DevicePtr(address))) }); err != nil {
		d.fail(fmt.Errorf("freeing memory: %w", err))
	}
}

// MemoryLeft is what all programs have left of the card's memory, and all of it, in bytes.
func (d *Device) MemoryLeft() (free, total int64, err error) {
	err = d.call(func() (err error) {
		free, total, err = cu.MemInfo()
		return err
	})
	return free, total, err
}

// Download copies the start of src to dst when everything queued before is done.
func (d *Device) Download(dst []float32, src device.Buffer) error {
	if len(dst) > src.Len {
		return fmt.Errorf("downloading %d numbers from a buffer of %d", len(dst), src.Len)
	}
	if len(dst) == 0 {
		return nil
	}
	err := d.call(func() error {
		if err := d.bounce.reserve(bounceBytes); err != nil {
			return err
		}
		at := src.Addr
		for part := range slices.Chunk(dst, bounceBytes/4) {
			if err := d.fetch(at, 4*len(part)); err != nil {
				return err
			}
			copy(part, d.bounce.floats())
			at += uintptr(4 * len(part))
		}
		return nil
	})
	return doing("downloading", err)
}

const bounceBytes = 4 << 20

// fetch copies bytes of the card to the start of the bounce buffer. On the thread.
func (d *Device) fetch(at uintptr, bytes int) error {
	if err := cu.MemcpyDtoHAsync(d.bounce.p, cu.DevicePtr(at), int64(bytes), d.thread.compute); err != nil {
		return err
	}
	return d.thread.wait()
}

// number reads the float64 that kernels left in answer.
func (d *Device) number() float64 {
	var x float64
	err := d.call(func() error {
		if err := d.bounce.reserve(bounceBytes); err != nil {
			return err
		}
		if err := d.fetch(d.answer, 8); err != nil {
			return err
		}
		x = *(*float64)(d.bounce.p)
		return nil
	})
	if err != nil {
		d.fail(fmt.Errorf("reading a sum: %w", err))
		return math.NaN()
	}
	return x
}

// Copy copies src to dst.
func (d *Device) Copy(dst, src device.Buffer) {
	if dst.Len != src.Len {
		panic(fmt.Sprintf("cuda: Copy of %d and %d numbers", dst.Len, src.Len))
	}
	if dst.Len > 0 && dst.Addr != src.Addr {
		d.put(command{action: copyMemory, dst: dst.Addr, src: src.Addr, bytes: 4 * int64(dst.Len)})
	}
}

// scratch is memory of the operation being queued.
type scratch struct {
	at   uintptr
	n    int
	kept []uintptr // older ones that recordings use
}

// Scratch is memory for n numbers until the next call; package kernels calls it. It
// grows to the largest request.
func (d *Device) Scratch(n int) uintptr {
	if n <= d.scratch.n {
		return d.scratch.at
	}
	// What is recorded asks for memory beside the recording.
	inside, outside := d.list, d.outside
	if outside != nil {
		d.list, d.outside = outside, nil
	}
	at, err := d.arena.take(4 * int64(n))
	if outside != nil {
		d.list, d.outside = inside, d.list
	}
	if err != nil {
		d.fail(fmt.Errorf("allocating scratch memory: %w", err))
		return d.scratch.at
	}
	if d.scratch.n > 0 {
		if d.recorded > 0 || outside != nil {
			d.scratch.kept = append(d.scratch.kept, d.scratch.at)
		} else {
			d.arena.give(d.scratch.at)
		}
	}
	d.scratch.at, d.scratch.n = at, n
	return at
}

// unkeep frees old scratch memory when no recording is left.
func (d *Device) unkeep() {
	for _, at := range d.scratch.kept {
		d.arena.give(at)
	}
	d.scratch.kept = nil
}
