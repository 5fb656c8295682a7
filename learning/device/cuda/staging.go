//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"fmt"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
)

// staging is where uploads wait: slots of pinned memory, each with a twin on the
// card. The caller writes into pinned memory and goes on; the copy stream carries
// it to the twin while kernels run, and the compute stream takes it from there.
type staging struct {
	slots [3]slot
	now   int // the slot being filled
}

// slot is filled from its start. It can be filled anew when what was queued with it
// is done.
type slot struct {
	host   pinned
	twin   uintptr
	bytes  int64
	used   int64
	copied *cu.Event // the last piece has crossed
	free   *cu.Event // the compute stream has done with the slot; nil before it was first full
}

const (
	slotBytes = 8 << 20
	// smallUpload is sent on the compute stream itself: events cost more than it.
	smallUpload = 32 << 10
)

// Upload copies src to the start of dst.
func (d *Device) Upload(dst device.Buffer, src []float32) error {
	if len(src) > dst.Len {
		return fmt.Errorf("uploading %d numbers to a buffer of %d", len(src), dst.Len)
	}
	raw := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(src))), 4*len(src))
	at := dst.Addr
	for len(raw) > 0 {
		piece := raw[:min(len(raw), slotBytes)]
		host, twin, err := d.room(len(piece))
		if err != nil {
			return doing("uploading", err)
		}
		copy(unsafe.Slice((*byte)(host), len(piece)), piece)
		if len(piece) <= smallUpload {
			d.put(command{action: copyUp, dst: at, host: host, bytes: int64(len(piece))})
		} else {
			d.stage(twin, host, len(piece))
			d.put(command{action: copyMemory, dst: at, src: twin, bytes: int64(len(piece))})
		}
		raw, at = raw[len(piece):], at+uintptr(len(piece))
	}
	return nil
}

// UploadPixels stores src/255 − 0.5.
func (d *Device) UploadPixels(dst device.Buffer, src []uint8) error {
	twin, err := d.bytes(dst, src)
	if err == nil && len(src) > 0 {
		d.Pixels(dst.Slice(0, len(src)), twin)
	}
	return err
}

// UploadLevels stores (⌊src/2^(8−bits)⌋ + u)/2^bits − 0.5.
func (d *Device) UploadLevels(dst device.Buffer, src []uint8, bits int, seed uint64) error {
	if bits < 1 || bits > 8 {
		return fmt.Errorf("uploading pixels of %d bits, want 1 to 8", bits)
	}
	twin, err := d.bytes(dst, src)
	if err == nil && len(src) > 0 {
		d.Levels(dst.Slice(0, len(src)), twin, bits, seed)
	}
	return err
}

// bytes stages src, which is to become the start of dst.
func (d *Device) bytes(dst device.Buffer, src []uint8) (twin uintptr, err error) {
	if len(src) > dst.Len {
		return 0, fmt.Errorf("uploading %d pixel values to a buffer of %d", len(src), dst.Len)
	}
	if len(src) == 0 {
		return 0, nil
	}
	host, twin, err := d.room(len(src))
	if err != nil {
		return 0, doing("uploading pixels", err)
	}
	copy(unsafe.Slice((*byte)(host), len(src)), src)
	d.stage(twin, host, len(src))
	return twin, nil
}

// stage queues the crossing of a piece to its twin.
func (d *Device) stage(twin uintptr, host unsafe.Pointer, n int) {
	d.put(command{action: stageUp, dst: twin, host: host, bytes: int64(n), event: d.staging.slots[d.staging.now].copied})
}

// room is n bytes of pinned memory and their twin. The piece before is handed over,
// so that it crosses while this one is written.
func (d *Device) room(n int) (host unsafe.Pointer, twin uintptr, err error) {
	if d.outside != nil {
		panic("cuda: a recording uploads")
	}
	s := &d.staging.slots[d.staging.now]
	if s.used+int64(n) > s.bytes {
		if s, err = d.nextSlot(int64(n)); err != nil {
			return nil, 0, err
		}
	} else if n > smallUpload {
		d.submit()
	}
	host, twin = unsafe.Add(s.host.p, s.used), s.twin+uintptr(s.used)
	s.used += (int64(n) + alignment - 1) / alignment * alignment
	return host, twin, nil
}

// nextSlot marks the end of the present slot and waits for the next to be free.
func (d *Device) nextSlot(n int64) (*slot, error) {
	old := &d.staging.slots[d.staging.now]
	if old.free != nil {
		d.put(command{action: recordEvent, event: old.free})
		d.staging.now = (d.staging.now + 1) % len(d.staging.slots)
	}
	s := &d.staging.slots[d.staging.now]
	s.used = 0
	if s.bytes >= n {
		return s, d.call(s.free.Synchronize)
	}
	if s.bytes > 0 {
		if err := d.call(s.free.Synchronize); err != nil {
			return nil, err
		}
		d.arena.give(s.twin)
		s.bytes = 0
	}
	bytes := max(n, slotBytes)
	twin, err := d.arena.take(bytes)
	if err != nil {
		return nil, err
	}
	// The twin may be memory that was freed while kernels queued before still read it,
	// and the copy stream does not wait for them.
	if err := d.call(func() error { return errors.Join(d.thread.wait(), s.open(bytes)) }); err != nil {
		d.arena.give(twin)
		return nil, err
	}
	s.twin, s.bytes = twin, bytes
	return s, nil
}

// open makes a slot's pinned memory and events. On the thread.
func (s *slot) open(bytes int64) error {
	if err := s.host.reserve(bytes); err != nil {
		return err
	}
	for _, e := range []**cu.Event{&s.copied, &s.free} {
		if *e != nil {
			continue
		}
		event, err := cu.MakeEvent(cu.DisableTiming | cu.BlockingSyncEvent)
		if err != nil {
			return fmt.Errorf("making an event: %w", err)
		}
		*e = &event
	}
	return nil
}

// close frees pinned memory and events; the twins are the arena's.
func (s *staging) close() error {
	var errs []error
	for i := range s.slots {
		errs = append(errs, s.slots[i].host.close())
		for _, e := range []*cu.Event{s.slots[i].copied, s.slots[i].free} {
			if e != nil {
				errs = append(errs, cu.DestroyEvent(e))
			}
		}
	}
	*s = staging{}
	return errors.Join(errs...)
}
