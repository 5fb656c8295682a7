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
	if err = errors.Join(failure, err); err != nil {
		return nil, fmt.Errorf("capturing a stream: %w", err)
	}
	g := &graph{}
	err = errors.Join(result(C.cuGraphInstantiateWithFlags(&g.exec, captured, 0)), result(C.cuGraphDestroy(captured)))
	if err != nil {
		return nil, fmt.Errorf("preparing a graph: %w", err)
	}
	return g, nil
}

func (g *graph) launch(stream cu.Stream) error {
	return result(C.cuGraphLaunch(g.exec, (C.CUstream)(unsafe.Pointer(stream.C()))))
}

func (g *graph) close() error { return result(C.cuGraphExecDestroy(g.exec)) }

// recording is a device.Recording.
type recording struct {
	d *Device
	g *graph
}

// Record keeps the kernels that f queues as one CUDA graph.
func (d *Device) Record(f func() error) (device.Recording, error) {
	if d.recording {
		panic("cuda: a recording within a recording")
	}
	d.submit()
	outside := d.list
	d.list, d.recording = newList(), true
	err := f()
	inside := d.list
	d.list, d.recording = outside, false
	if err != nil {
		return nil, err
	}
	r := &recording{d: d}
	err = d.call(func() error {
		r.g, err = capture(d.thread.compute, func() error {
			for i := range inside.commands {
				if err := d.thread.do(inside, &inside.commands[i]); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	d.recorded++
	return r, nil
}

// Replay queues the recorded kernels.
func (r *recording) Replay() error {
	r.d.put(command{action: replayGraph, graph: r.g})
	return nil
}

// Close frees the graph when what is queued of it is done.
func (r *recording) Close() error {
	if r.g == nil {
		return nil
	}
	d, g := r.d, r.g
	r.g = nil
	if d.recorded--; d.recorded == 0 {
		defer d.unkeep()
	}
	err := d.call(func() error { return errors.Join(d.thread.wait(), g.close()) })
	if lost := new(device.LostError); errors.As(err, &lost) {
		return nil // it went with its device
	}
	return err
}
