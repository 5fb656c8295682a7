package ptx

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Kind is what went wrong.
type Kind string

// What a launch is stopped for.
const (
	OutOfBounds     Kind = "access outside of memory"
	Misaligned      Kind = "misaligned access"
	Uninitialised   Kind = "read of what was never written"
	Race            Kind = "race"
	DivergentSync   Kind = "barrier that not all threads reach"
	WrongMask       Kind = "mask of lanes that are not all there"
	BadLaunch       Kind = "launch that no card accepts"
	Trap            Kind = "trap"
	Endless         Kind = "no end"
	ConstantChanged Kind = "change of what is read as constant"
)

// Fault is a mistake of a kernel, or of its launch.
type Fault struct {
	Kind    Kind
	Kernel  string
	Line    int         // of the PTX, or 0
	Block   kernels.Dim // of the grid
	Thread  kernels.Dim // of the block
	Address uint64      // or 0
	Detail  string
}

func (f *Fault) Error() string {
	if f.Line == 0 {
		return fmt.Sprintf("%s: %s: %s", f.Kernel, f.Kind, f.Detail)
	}
	at := ""
	if f.Address != 0 {
		at = fmt.Sprintf(" at %#x", f.Address)
	}
	return fmt.Sprintf("%s, line %d of the PTX: %s%s by thread (%d,%d,%d) of block (%d,%d,%d): %s", f.Kernel, f.Line, f.Kind, at,
		f.Thread.X, f.Thread.Y, f.Thread.Z, f.Block.X, f.Block.Y, f.Block.Z, f.Detail)
}
