//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"fmt"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/driver"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Built says whether the program can use a card at all.
const Built = true

// oldestDriver is the CUDA version that driver 525 serves.
const oldestDriver = 12000

// Devices lists the cards that the kernels run on, or says why there is none.
func Devices(o Options) ([]Info, error) {
	if err := driver.Open(o.Driver); err != nil {
		return nil, err
	}
	if v := cu.Version(); v < oldestDriver {
		return nil, fmt.Errorf("the NVIDIA driver serves CUDA %d.%d; 525 or newer, which serves 12.0, is needed", v/1000, v%1000/10)
	}
	n, err := cu.NumDevices()
	if err != nil {
		return nil, fmt.Errorf("counting NVIDIA cards: %w", err)
	}
	if n == 0 {
		return nil, errors.New("the NVIDIA driver has no card")
	}
	list := make([]Info, n)
	for i := range list {
		if list[i], err = info(i); err != nil {
			return nil, fmt.Errorf("asking NVIDIA card %d for its properties: %w", i, err)
		}
	}
	return usable(list)
}

func info(index int) (Info, error) {
	i := Info{Index: index, Driver: cu.Version()}
	card, err := cu.GetDevice(index)
	if err != nil {
		return i, err
	}
	if i.Name, err = card.Name(); err != nil {
		return i, err
	}
	if i.Memory, err = card.TotalMem(); err != nil {
		return i, err
	}
	var khz, memoryKHz, bits int
	for _, q := range []struct {
		what cu.DeviceAttribute
		dst  *int
	}{
		{cu.ComputeCapabilityMajor, &i.Major}, {cu.ComputeCapabilityMinor, &i.Minor},
		{cu.MultiprocessorCount, &i.Processors}, {cu.ClockRate, &khz},
		{cu.MemoryClockRate, &memoryKHz}, {cu.GlobalMemoryBusWidth, &bits},
	} {
		if *q.dst, err = card.Attribute(q.what); err != nil {
			return i, err
		}
	}
	i.ClockHz, i.MemoryClockHz, i.MemoryBusBytes = 1e3*float64(khz), 1e3*float64(memoryKHz), float64(bits)/8
	return i, nil
}

// Device is a device.Device on one card. It belongs to one goroutine at a time.
type Device struct {
	kernels.Math
	info   Info
	thread *thread
	arena  *arena
	done   chan error

	list     *list // being written; nil once closed
	closing  bool
	outside  *list // set aside while list is a recording
	scratch  scratch
	answer   uintptr // 8 bytes for a number that a kernel returns
	staging  staging
	bounce   pinned  // downloads pass through it
	recorded int     // recordings that are open
	ownBelow float64 // see ownProducts
}

var (
	_ device.Device   = (*Device)(nil)
	_ device.Recorder = (*Device)(nil)
)

// New opens a card.
func New(o Options) (device.Device, error) {
	d, err := open(o)
	if err != nil {
		return nil, err
	}
	return d, nil
}

func open(o Options) (*Device, error) {
	cards, err := Devices(o)
	if err != nil {
		return nil, err
	}
	if o.Index < 0 || o.Index >= len(cards) {
		return nil, fmt.Errorf("NVIDIA card %d: there are %d", o.Index, len(cards))
	}
	if err := cards[o.Index].fit(o); err != nil {
		return nil, err
	}
	chunk := o.Chunk
	if chunk == 0 {
		chunk = 32 << 20
	}
	d := &Device{info: cards[o.Index], ownBelow: ownProducts, done: make(chan error, 1), list: newList()}
	t := &thread{
		name:      fmt.Sprintf("the GPU (%s)", d.info.Name),
		work:      make(chan *list, 2),
		idle:      make(chan *list, 2),
		ended:     make(chan struct{}),
		functions: map[kernels.Kernel]*function{},
	}
	t.idle <- newList()
	t.idle <- newList()
	d.thread = t
	d.arena = newArena(source{d}, chunk)
	d.Math = kernels.Math{Stream: d, TF32: o.TF32}
	t.tf32, t.single = d.TF32, o.Plain
	if o.AllBLAS {
		d.ownBelow = 0
	}
	if err := t.start(func() error { return t.open(d.info, o) }); err != nil {
		return nil, fmt.Errorf("opening NVIDIA card %d (%s): %w", d.info.Index, d.info.Name, err)
	}
	if d.answer, err = d.arena.take(8); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func tf32(on bool) string {
	if on {
		return ", TF32"
	}
	return ""
}

// open makes the card's context current and loads the kernels.
func (t *thread) open(i Info, o Options) (err error) {
	if t.card, err = cu.GetDevice(i.Index); err != nil {
		return err
	}
	// Who waits for the card sleeps: spinning would cost the window a core. A driver
	// that has the context open with other flags may refuse, and keeps them.
	t.card.SetPrimaryCtxFlags(cu.SchedBlockingSync)
	context, err := t.card.RetainPrimaryCtx()
	if err != nil {
		return t.full(fmt.Errorf("making a context: %w", err), 0)
	}
	defer func() {
		if err != nil {
			err = errors.Join(t.full(err, 0), t.close())
		}
	}()
	if err = cu.SetCurrentContext(context); err != nil {
		return fmt.Errorf("making a context current: %w", err)
	}
	least, greatest, err := cu.StreamPriorityRange()
	if err != nil {
		return fmt.Errorf("asking for priorities: %w", err)
	}
	priority := least
	if o.Urgent {
		priority = greatest
	}
	for _, s := range []*cu.Stream{&t.compute, &t.upload} {
		if *s, err = cu.MakeStreamWithPriority(priority, cu.NonBlocking); err != nil {
			return fmt.Errorf("making a stream: %w", err)
		}
	}
	if err = t.pace.open(); err != nil {
		return err
	}
	for _, ptx := range kernels.Modules(i.Major, i.Minor, o.TF32) {
		m, err := cu.LoadData(ptx)
		if err != nil {
			return fmt.Errorf("loading kernels for compute %d.%d: %w", i.Major, i.Minor, err)
		}
		t.modules = append(t.modules, m)
	}
	t.blas, err = openBLAS(i, o, t.compute)
	return err
}

// close frees what open made. A lost device frees nothing, but its context.
func (t *thread) close() error {
	var errs []error
	t.blas.close()
	t.standby.close()
	t.pace.close()
	for _, m := range t.modules {
		errs = append(errs, m.Unload())
	}
	for _, s := range []*cu.Stream{&t.compute, &t.upload} {
		if *s != cu.NoStream {
			errs = append(errs, s.Destroy())
		}
	}
	return errors.Join(append(errs, t.card.ReleasePrimaryCtx())...)
}

// Name is such as "cuda (NVIDIA H200, driver for CUDA 12.4, cuBLAS 12.4.5)", and
// what had to be done in another way than usual.
func (d *Device) Name() string {
	return fmt.Sprintf("cuda (%s, driver for CUDA %d.%d, %s%s%s)", d.info.Name, d.info.Driver/1000, d.info.Driver%1000/10,
		d.thread.blas, tf32(d.TF32), &d.thread.notes)
}

// UsesBLAS says whether cuBLAS multiplies, and has not failed so far.
func (d *Device) UsesBLAS() bool { return d.thread.blas.use() }

// Info describes the card.
func (d *Device) Info() Info { return d.info }

// Close frees all that the device holds, buffers included, and ends its thread. A
// second Close does nothing. What a lost device cannot free is no error.
func (d *Device) Close() error {
	if d.list == nil {
		return nil
	}
	err := d.call(d.thread.wait)
	lost := new(device.LostError)
	d.thread.failure, d.closing = nil, true // what follows must run
	closing := d.call(func() error {
		d.staging.close()
		d.bounce.close()
		d.arena.close()
		return d.thread.close()
	})
	close(d.thread.work)
	<-d.thread.ended
	d.list = nil
	if errors.As(err, &lost) {
		return nil
	}
	return errors.Join(err, closing)
}

// Sync waits for everything queued and reports the first failure since the last Sync.
func (d *Device) Sync() error {
	err := d.call(d.thread.wait)
	if err != nil {
		d.thread.take()
	}
	return err
}

// source is the arena's way to the driver.
type source struct{ d *Device }

func (s source) allocate(bytes int64) (address uintptr, err error) {
	err = s.d.call(func() error {
		p, err := cu.MemAlloc(bytes)
		address = uintptr(p)
		return s.d.thread.full(err, bytes)
	})
	return address, err
}

// release frees a chunk. It is called on the thread when the device closes, else
// from outside; an error of it would be one of everything.
func (s source) release(address uintptr) { s.d.released(address) }

// address views device memory as cu wants it.
func pointer(address uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&address)) }
