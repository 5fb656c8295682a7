// Package cpu is the fast device for machines without an accelerator:
// convolutions and matrix products by oneDNN (the one library it needs;
// OpenBLAS was not faster at any size of an RSSM from 10⁵ multiplications on),
// everything else by C kernels of its own that the loader picks for the
// machine's vector width.
//
// Built with the tag purego, or without cgo, New returns the pure-Go reference
// device instead; its Name says so.
//
// # Threads
//
// A device has a pool of its own: convolutions are divided by images, products
// into bands, other kernels into ranges, and the caller works along. It never
// waits for a thread that has not begun: where a window or a planner keeps the
// cores busy, it does the work itself. (A team of OpenMP threads, which is what
// oneDNN would use, spent up to 80 % of the processor's time waiting in that
// case.) Products of less than 10⁶ multiplications and kernels of less than
// 65536 numbers run on the calling thread alone.
//
// Results are the same bits from run to run with the same thread count; another
// count adds weight gradients in other portions.
//
// # What is fast
//
// Measured on one core of 2.6 GHz with AVX-512 that multiplies at 265 GFLOP/s,
// two cores taking half the time:
//
//   - encoder and decoder of the paper's network forward and backward, 64
//     images: 77 ms; of the class preset: 18 ms. Layers with 16 channels and
//     more run at 80 to 95 % of the core's speed, in both directions.
//   - products with 16 rows and more: 180 to 270 GFLOP/s. A transposed second
//     factor (the gradient with respect to a layer's input) costs twice the time
//     below 50 rows; a stride of a multiple of 4096 bytes there costs four times.
//   - a kernel costs 0.1 µs to call.
//
// What is slow by nature and how it is avoided: a transposed convolution to few
// channels fills 3 lanes of 16, so it runs as a sub-pixel convolution (three
// times faster for the last layer of the decoder); a convolution with an output
// of 2×2 or less runs as a product with its patches (twice as fast). Single
// images are bound by reading weights. Shapes seen for the first time cost some
// milliseconds of code generation; their plans are kept until Close.
package cpu
