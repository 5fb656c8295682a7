// Package cpu is the fast device for machines without an accelerator:
// convolutions and matrix products by oneDNN (one library, chosen by
// measurement over OpenBLAS), everything else by C kernels of its own that the
// loader picks for the machine's vector width.
//
// Built with the tag purego, or without cgo, New returns the pure-Go reference
// device instead; its Name says so.
//
// # Threads
//
// oneDNN and the larger kernels divide their work over OpenMP threads, each
// with a share fixed in advance, and wait for the slowest. Where a window or a
// planner keeps a core busy, one thread fewer is faster than all of them. Small
// operations run on the calling thread. An OpenMP team belongs to the OS thread
// that calls: a goroutine that computes for long should hold
// runtime.LockOSThread, or every OS thread it visits gets a team of its own.
//
// Results depend on the thread count in the last bits, and are the same bits
// from run to run with the same count.
package cpu
