// Package cuda is the device for NVIDIA cards, over the CUDA driver API
// (gorgonia.org/cu). Built with the tag nvidia (cuda would switch on Gorgonia's own
// GPU code, which does not build); without it New says how to get the rest. Nothing
// of NVIDIA's is linked: package driver opens libcuda, and cuBLAS if there is one,
// when a device is first asked for.
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
// # Sharing a card
//
// A window draws on the card that trains. Who waits for the card sleeps; a device
// that somebody waits for (Options.Urgent) goes before the others; and no more than
// a thousand kernels are given ahead (pace.go), so that a plan that is called off
// ends soon.
//
// # What can be done without
//
// A driver that captures or launches no graph is given the recorded kernels one by
// one, and a cuBLAS that is not there, does not start or fails leaves the products
// to own kernels. The device's name says so.
//
// # Launch conventions
//
// Package kernels has the sources, their PTX and, for every operation, which
// kernels with which grids and arguments compute it (Math, over the Stream that
// this package is). Its README states the conventions: one argument a kernel, a
// struct laid out in words of 8 bytes; one stream, so that one growing arena is
// everybody's scratch memory; sums whose order does not depend on the card.
// Numbers that change from step to step (Adam's rate, the gradient's norm) are
// read from device memory, so that a recorded step can be repeated.
package cuda
