// Package emulate builds a CUDA driver that computes on the CPU, for tests: libcuda
// and cuBLAS as far as package cuda uses them (libcuda/), around the kernels compiled
// as C (kernels/emulate). A test passes its path as cuda.Options.Driver.
//
// It is stricter than a card: streams do their work as late as they may, copies
// between host and card need pinned memory, and what is written beside an allocation
// fails. It has the controls a test wants: how much memory there is, when the card is
// lost, in which order threads run.
package emulate
