// Package graph builds training graphs of fused layers. The graph, its
// differentiation and its execution are Gorgonia's; every node is one whole
// layer computed by a device.Device into a buffer that the node owns, so that a
// step allocates nothing and a graph has tens of nodes, not tens of thousands.
//
// Building: New, then Input and Param for the leaves, the layer methods
// (Dense, LayerNorm, Conv, Deconv, Observe, …) and a loss; Compile differentiates it. The
// layer methods panic on shapes that do not fit, a programmer's mistake; a
// failure of the device is kept and returned by Compile. Running: fill the
// inputs' buffers, Run, read the loss and the gradients' buffers.
//
// Everything is float32 and of rank 1 or 2: images are rows of H·W·C numbers.
// A Graph belongs to one goroutine at a time.
package graph
