// Package driver stands in for NVIDIA's libraries at link time and opens the real
// ones when asked. Whatever gorgonia.org/cu calls by name (symbols.h) is a jump
// here, which goes to the library once that is open and fails until then, so that a
// program built for the card starts and works where there is none.
//
// cu asks its linker for -lcuda, -lcublas and -lnvrtc: the empty archives in link answer.
// Its init calls cuInit, which does nothing here; Open calls the real one.
package driver
