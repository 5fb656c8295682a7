// Package cuda is the device for NVIDIA cards, over the CUDA driver API
// (gorgonia.org/cu). Built with the tag cuda; without it New says how to get the
// rest. Nothing of NVIDIA's is linked: package driver opens libcuda, and cuBLAS
// if there is one, when a device is first asked for.
//
// # Threads and order
//
// A device owns one locked OS thread. Kernels are written into a list of
// commands that the thread submits to one stream, so a call costs no more than
// the writing of its arguments; Sync, Download and a full list hand the list over.
// Uploads are copied into pinned staging memory at once and cross on a stream
// of their own; events order the two streams. The first failure is kept and
// returned by Sync, Download or Upload; nothing is computed after it.
//
// # Launch conventions
//
// Sources are in kernels/*.cu; the same text is compiled to PTX and, for the
// emulated driver, as C. What package kernels writes and this package launches:
//
//   - A kernel is extern "C" __global__, named like the device's method it serves
//     (gemm, bias_act, adam); the parts of one method share its name as a prefix.
//   - Every argument is 8 bytes at most and passed in a slot of 8 bytes: pointer,
//     int, unsigned, float, long long or unsigned long long. No structs by value.
//   - Order: sizes first (rows, cols, …), then coefficients, then inputs, then
//     outputs. A matrix view is its first element (offset added by the launcher)
//     followed at once by its row stride in elements: const float *a, int lda. The
//     stride of a view of one row may be anything.
//   - What is optional is a null pointer.
//   - Blocks and grids are one-dimensional unless the kernel says grid (x, y);
//     block sizes are compile-time constants of the source, repeated in the
//     kernel table (name, block, shared bytes), which both the launcher and the
//     emulation read.
//   - A kernel over n numbers strides its grid (for i = block·dim + thread; i < n;
//     i += grid·dim), so that any grid is right. Grids are at most 65535 in y.
//   - Sums have an order that does not depend on the card: partial sums of a fixed
//     number of blocks, added by a second launch; no atomic adds of floats. The
//     same numbers give the same bits.
//   - Numbers a step changes (Adam's step, learning rate, norm of the gradient) are
//     read from device memory, so that a recorded step can be repeated.
//   - Shared memory is static, at most 48 KiB.
package cuda
