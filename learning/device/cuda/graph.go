//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// #include <cuda.h>
import "C"

import (
	"errors"
	"fmt"
	"unsafe"

	"gorgonia.org/cu"

	"github.com/latco-studio/latco/learning/device"
)

// graph is a recorded sequence that the driver launches in one call; cu has no calls
// for capturing a stream.
type graph struct{ exec C.CUgraphExec }

// capture records what f puts on stream.
func capture(stream cu.Stream, f func() error) (*graph, error) {
	s := (C.CUstream)(unsafe.Pointer(stream.C()))
	if err := result(C.cuStreamBeginCapture(s, C.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL)); err != nil {
		return nil, fmt.Errorf("capturing a stream: %w", err)
	}
	failure := f()
	var captured C.CUgraph
	err := result(C.cuStreamEndCapture(s, &captured))
	if failure != nil && err == nil {
		err = result(C.cuGraphDestroy(captured))
	}
	if err = errors.Join(failure, err); err != nil {
		return nil, fmt.Errorf("capturing a stream: %w", err)
	}
	g := &graph{}
	made := result(C.cuGraphInstantiateWithFlags(&g.exec, captured, 0))
	if err := errors.Join(made, result(C.cuGraphDestroy(captured))); err != nil {
		if made == nil {
			err = errors.Join(err, g.close())
		}
		return nil, fmt.Errorf("preparing a graph: %w", err)
	}
	return g, nil
}

func (g *graph) launch(stream cu.Stream) error {
	return result(C.cuGraphLaunch(g.exec, (C.CUstream)(unsafe.Pointer(stream.C()))))
}

func (g *graph) close() error { return result(C.cuGraphExecDestroy(g.exec)) }

// recorded is a sequence of commands, and the graph of them where the driver could
// make one.
type recorded struct {
	list  *list
	graph *graph // nil: the commands are given one by one
	why   error  // there is none
}

// record captures a list. A driver, or a cuBLAS, that cannot be captured is no
// failure: the list is repeated command by command.
func (t *thread) record(l *list) (*recorded, error) {
	if t.single {
		return &recorded{list: l}, nil
	}
	g, err := capture(t.compute, func() error {
		for i := range l.commands {
			if err := t.do(l, &l.commands[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil && fatal(err) {
		return nil, err
	}
	return &recorded{list: l, graph: g, why: err}, nil
}

// plain notes that steps are not launched as graphs.
func (t *thread) plain(why error) {
	t.notes.add(fmt.Sprintf("steps are given kernel by kernel, slower: %v", why))
}

// replay gives the stream what was recorded.
func (t *thread) replay(r *recorded) error {
	t.pace.queued += len(r.list.commands)
	if r.graph != nil {
		err := r.graph.launch(t.compute)
		if err == nil || fatal(err) {
			return err
		}
		t.plain(fmt.Errorf("launching a graph: %w", err))
		if err := r.close(); err != nil {
			return err
		}
	}
	for i := range r.list.commands {
		if err := t.do(r.list, &r.list.commands[i]); err != nil {
			return err
		}
	}
	return nil
}

func (r *recorded) close() error {
	if r.graph == nil {
		return nil
	}
	g := r.graph
	r.graph = nil
	return g.close()
}

// recording is a device.Recording.
type recording struct {
	d *Device
	r *recorded // nil once closed
}

// Record keeps the kernels that f queues, as one CUDA graph where that can be.
func (d *Device) Record(f func() error) (device.Recording, error) {
	if d.outside != nil {
		panic("cuda: a recording within a recording")
	}
	d.submit()
	var r *recorded
	for r == nil {
		multiplied := d.thread.blas.use()
		inside, err := d.listed(f)
		if err != nil {
			return nil, err
		}
		err = d.call(func() (err error) { r, err = d.thread.record(inside); return err })
		if err != nil {
			return nil, err
		}
		if multiplied && !d.thread.blas.use() { // it failed on the way; f chooses anew
			if err := d.call(r.close); err != nil {
				return nil, err
			}
			r = nil
		}
	}
	if r.why != nil {
		d.thread.plain(r.why)
	}
	d.recorded++
	return &recording{d, r}, nil
}

// listed is what f queues.
func (d *Device) listed(f func() error) (*list, error) {
	d.outside, d.list = d.list, newList()
	err := f()
	inside := d.list
	d.list, d.outside = d.outside, nil
	return inside, err
}

// Replay queues the recorded kernels.
func (r *recording) Replay() error {
	r.d.put(command{action: replay, recorded: r.r})
	return nil
}

// Close frees the graph when what is queued of it is done.
func (r *recording) Close() error {
	if r.r == nil {
		return nil
	}
	d, recorded := r.d, r.r
	r.r = nil
	if d.list == nil {
		return nil // it went when its device was closed
	}
	if d.recorded--; d.recorded == 0 {
		defer d.unkeep()
	}
	err := d.call(func() error { return errors.Join(d.thread.wait(), recorded.close()) })
	if lost := new(device.LostError); errors.As(err, &lost) {
		return nil // it went with its device
	}
	return err
}
