//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

import (
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// action is what the device's thread is to do.
type action uint8

const (
	launchKernel action = iota
	copyMemory          // dst ← src, on the card
	copyUp              // dst ← host, in stream order
	stageUp             // dst ← host on the copy stream; the compute stream waits
	multiply            // cuBLAS
	recordEvent
	replay
	failWith // drop what follows until Sync
)

// command is one entry of a list.
type command struct {
	action
	kernel      kernels.Kernel
	grid, block kernels.Dim
	shared      int
	first, n    int // words of the list that are the kernel's argument
	dst, src    uintptr
	host        unsafe.Pointer
	bytes       int64
	event       *cu.Event
	product     int // of the list
	recorded    *recorded
	err         error
}

// list is a sequence of commands with the arguments of their kernels.
type list struct {
	commands []command
	words    []uint64
	products []product
	done     chan error // where somebody waits for the list to be submitted
	call     func() error
}

// listLength is when a list is handed over at the latest. Two more lists lie
// between the caller and the thread, so that neither waits for the other.
const listLength = 128

func newList() *list {
	return &list{commands: make([]command, 0, listLength)}
}

func (l *list) reset() {
	clear(l.commands)
	l.commands, l.words, l.products = l.commands[:0], l.words[:0], l.products[:0]
	l.done, l.call = nil, nil
}

// put adds c.
func (d *Device) put(c command) {
	d.begin()
	d.list.commands = append(d.list.commands, c)
}

// begin comes before a command and what belongs to it. It hands a long list over:
// the last command of one stays until the next, so that it can be amended.
func (d *Device) begin() {
	if len(d.list.commands) >= listLength && d.outside == nil {
		d.submit()
	}
}

// submit hands the list over without waiting.
func (d *Device) submit() {
	if len(d.list.commands) == 0 {
		return
	}
	d.thread.work <- d.list
	d.list = <-d.thread.idle
}

// call has the thread do everything queued and then f, and returns f's error, or
// the failure of what was queued.
func (d *Device) call(f func() error) error {
	if d.outside != nil {
		panic("cuda: a recording asks for a number or for memory")
	}
	done := d.done
	d.list.done, d.list.call = done, f
	d.thread.work <- d.list
	d.list = <-d.thread.idle
	return <-done
}

// fail keeps an error for Sync and drops what is queued after it.
func (d *Device) fail(err error) { d.put(command{action: failWith, err: err}) }

// Launch queues a kernel; package kernels calls it.
func (d *Device) Launch(k kernels.Kernel, grid, block kernels.Dim, shared int, params []uint64) {
	d.begin()
	first := len(d.list.words)
	d.list.words = append(d.list.words, params...)
	d.put(command{action: launchKernel, kernel: k, grid: grid, block: block, shared: shared, first: first, n: len(params)})
}
