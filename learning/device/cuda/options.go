package cuda

import "fmt"

// Options choose and set up a device. The zero value is the first card, products in
// float32 by whichever cuBLAS is installed.
type Options struct {
	Index   int    // of the card, as Devices counts them
	TF32    bool   // tensor cores multiply with 10 bits of mantissa (relative error some 1e-3)
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
	Index          int
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
