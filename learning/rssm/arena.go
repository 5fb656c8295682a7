package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// arena is memory that is freed together. It keeps its first error, so that a
// workspace can be laid out without a check a line.
type arena struct {
	dev   device.Device
	owned []device.Buffer
	err   error
}

func (a *arena) buffer(n int) device.Buffer {
	if a.err != nil {
		return device.Buffer{}
	}
	b, err := a.dev.Alloc(n)
	if err != nil {
		a.err = fmt.Errorf("allocating %d numbers: %w", n, err)
		return device.Buffer{}
	}
	a.owned = append(a.owned, b)
	return b
}

func (a *arena) mat(rows, cols int) device.Mat { return a.buffer(rows*cols).Mat(rows, cols) }

// holding is new memory with the given numbers.
func (a *arena) holding(v []float32) device.Buffer {
	b := a.buffer(len(v))
	if a.err == nil {
		a.err = a.dev.Upload(b, v)
	}
	return b
}

// free gives everything back and clears the error.
func (a *arena) free() {
	for _, b := range a.owned {
		a.dev.Free(b)
	}
	a.owned, a.err = nil, nil
}
