package cuda

import (
	"errors"
	"fmt"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Options choose and set up a device. The zero value is the first card, products in
// float32 by whichever cuBLAS is installed.
type Options struct {
	Index   int    // of the card in the list that Devices gives
	TF32    bool   // tensor cores multiply with 10 bits of mantissa (relative error some 1e-3); from compute 8.0 on
	OwnGemm bool   // never use cuBLAS
	AllBLAS bool   // cuBLAS multiplies what own kernels do faster, too
	Plain   bool   // recorded steps are given kernel by kernel, not as graphs
	Urgent  bool   // somebody waits for it: on the card it goes before what is not
	Driver  string // path of libcuda; "" is the system's
	BLAS    string // path of libcublas; "" is the newest installed that the driver serves
	Chunk   int64  // bytes asked of the driver at a time at least; 0 means 32 MiB
}

// Info is one card.
type Info struct {
	Index          int    // as the driver counts cards
	Name           string // such as "NVIDIA H200"
	Memory         int64  // bytes
	Major, Minor   int    // compute capability
	Driver         int    // CUDA version the driver serves, 1000·major + 10·minor
	Processors     int    // streaming multiprocessors
	ClockHz        float64
	MemoryClockHz  float64
	MemoryBusBytes float64
}

// String is such as "NVIDIA H200 (141 GB, compute 9.0, driver for CUDA 12.4)".
func (i Info) String() string {
	return fmt.Sprintf("%s (%s, compute %d.%d, driver for CUDA %d.%d)",
		i.Name, gigabytes(i.Memory), i.Major, i.Minor, i.Driver/1000, i.Driver%1000/10)
}

// fit says why the kernels do not run on the card, or not as o wants them.
func (i Info) fit(o Options) error {
	switch capability := 10*i.Major + i.Minor; {
	case capability < kernels.Oldest:
		return fmt.Errorf("%s is too old: it has compute capability %d.%d, the kernels need %d.%d or newer",
			i.Name, i.Major, i.Minor, kernels.Oldest/10, kernels.Oldest%10)
	case o.TF32 && capability < kernels.OldestTF32:
		return fmt.Errorf("%s has no TF32: it has compute capability %d.%d, %d.%d or newer is needed; float32 works",
			i.Name, i.Major, i.Minor, kernels.OldestTF32/10, kernels.OldestTF32%10)
	}
	return nil
}

// HasTF32 says whether the card's tensor cores multiply in TF32.
func (i Info) HasTF32() bool { return i.fit(Options{TF32: true}) == nil }

// usable drops the cards that are too old. That none is left is an error.
func usable(cards []Info) (fit []Info, err error) {
	for _, i := range cards {
		if why := i.fit(Options{}); why != nil {
			err = errors.Join(err, why)
			continue
		}
		fit = append(fit, i)
	}
	if len(fit) > 0 {
		err = nil
	}
	return fit, err
}

// Bandwidth is the peak of the card's memory, in bytes a second (double data rate),
// or 0 where the driver does not say.
func (i Info) Bandwidth() float64 { return 2 * i.MemoryClockHz * i.MemoryBusBytes }

// FLOPS is the peak in float32 multiplications and additions a second, without
// tensor cores.
func (i Info) FLOPS() float64 {
	lanes := 128.0
	if i.Major == 7 || i.Major == 8 && i.Minor == 0 {
		lanes = 64
	}
	return 2 * lanes * float64(i.Processors) * i.ClockHz
}

func gigabytes(n int64) string {
	if n < 1e9 {
		return fmt.Sprintf("%d MB", n/1e6)
	}
	return fmt.Sprintf("%.1f GB", float64(n)/1e9)
}
