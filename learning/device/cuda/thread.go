//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"errors"
	"fmt"
	"runtime"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// thread is the OS thread that talks to the driver, and what only it touches.
type thread struct {
	name      string // of the device, for errors
	work      chan *list
	idle      chan *list
	ended     chan struct{}
	card      cu.Device
	compute   cu.Stream
	upload    cu.Stream
	modules   []cu.Module
	functions map[kernels.Kernel]*function
	blas      *blas
	standby   *standby // nil until cuBLAS fails
	tf32      bool
	single    bool // see Options.Plain
	pace      pace
	notes     notes
	params    []unsafe.Pointer
	failure   error // the first since the last Sync; a lost device keeps its own
}

// start runs the thread; open is done on it first.
func (t *thread) start(open func() error) error {
	opened := make(chan error)
	go func() {
		// Never unlocked: the OS thread ends with the goroutine, and its context with it.
		runtime.LockOSThread()
		defer close(t.ended)
		err := open()
		opened <- err
		if err == nil {
			t.serve()
		}
	}()
	return <-opened
}

// serve works lists off until the channel is closed.
func (t *thread) serve() {
	for l := range t.work {
		for i := range l.commands {
			if t.failure != nil {
				break
			}
			err := t.do(l, &l.commands[i])
			if err == nil {
				err = t.pace.keep(t.compute)
			}
			if err != nil {
				t.failure = t.failed(err)
			}
		}
		done, call := l.done, l.call
		var err error
		if done != nil {
			if err = t.failure; err == nil {
				if err = call(); err != nil {
					err = t.failed(err)
				}
			}
		}
		l.reset()
		t.idle <- l
		if done != nil {
			done <- err
		}
	}
}

func (t *thread) do(l *list, c *command) error {
	switch c.action {
	case launchKernel:
		return t.launch(l, c)
	case copyMemory:
		return doing("copying on the card", cu.MemcpyDtoDAsync(cu.DevicePtr(c.dst), cu.DevicePtr(c.src), c.bytes, t.compute))
	case copyUp:
		return doing("uploading", cu.MemcpyHtoDAsync(cu.DevicePtr(c.dst), c.host, c.bytes, t.compute))
	case stageUp:
		return doing("uploading", errors.Join(
			cu.MemcpyHtoDAsync(cu.DevicePtr(c.dst), c.host, c.bytes, t.upload),
			c.event.Record(t.upload),
			t.compute.Wait(*c.event, 0)))
	case multiply:
		return t.multiply(&l.products[c.product])
	case recordEvent:
		return doing("recording an event", c.event.Record(t.compute))
	case replay:
		return doing("repeating a recorded step", t.replay(c.recorded))
	case failWith:
		return c.err
	}
	panic(fmt.Sprintf("cuda: unknown action %d", c.action))
}

func (t *thread) launch(l *list, c *command) error {
	f, err := t.function(c.kernel)
	if err == nil {
		err = f.allow(c.shared)
	}
	if err != nil {
		return err
	}
	// cu copies every parameter as 8 bytes into one array: laid out so, the words
	// are the struct that is the kernel's only parameter.
	t.params = t.params[:0]
	for i := range c.n {
		t.params = append(t.params, unsafe.Pointer(&l.words[c.first+i]))
	}
	err = f.Launch(int(c.grid.X), int(c.grid.Y), int(c.grid.Z), int(c.block.X), int(c.block.Y), int(c.block.Z),
		c.shared, t.compute, t.params)
	if err != nil {
		return fmt.Errorf("launching %v of %v blocks of %v threads: %w", c.kernel, c.grid, c.block, err)
	}
	return nil
}

// wait blocks until the card has done everything queued.
func (t *thread) wait() error { return doing("waiting for the card", t.compute.Synchronize()) }

// take returns the failure and forgets it, unless the device is lost.
func (t *thread) take() error {
	err := t.failure
	var lost *device.LostError
	if !errors.As(err, &lost) {
		t.failure = nil
	}
	return err
}

func doing(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// failed makes a LostError of what no context survives.
func (t *thread) failed(err error) error {
	var lost *device.LostError
	if err == nil || errors.As(err, &lost) {
		return err
	}
	if fatal(err) {
		t.failure = &device.LostError{Device: t.name, Reason: err}
		return t.failure
	}
	return t.full(err, 0)
}

// full makes an OutOfMemoryError of what the driver has no room for; asked is 0 where
// nobody knows how much that is.
func (t *thread) full(err error, asked int64) error {
	if e := new(device.OutOfMemoryError); !errors.Is(err, cu.OutOfMemory) || errors.As(err, &e) {
		return err
	}
	e := &device.OutOfMemoryError{Device: t.name, Asked: asked, Reason: err}
	if free, total, err := cu.MemInfo(); err == nil {
		e.Free, e.Total = free, total
	}
	return e
}

// Errors that cu has no names for: a fault that the card has contained, at the cost of
// the process, and an end of MPS, through which programs share a card.
const contained, serverGone = 721, 810

// fatal says that no context survives an error.
func fatal(err error) bool {
	for _, code := range []error{
		cu.LaunchFailed, cu.IllegalAddress, cu.LaunchTimeout, cu.Assert, cu.IllegalInstruction, cu.MisalignedAddress,
		cu.InvalidAddressSpace, cu.InvalidPc, cu.HardwareStackError, cu.EccUncorrectable, cu.NvlinkUncorrectable,
		cu.Deinitialized, cu.ContextIsDestroyed, cu.NoDevice, cu.Unknown,
		like(cu.Success, contained), like(cu.Success, serverGone),
	} {
		if errors.Is(err, code) {
			return true
		}
	}
	return false
}
