//go:build race

package ptx_test

// slow: the race detector makes the interpreter ten times slower, and it has one
// goroutine. A part of the suite is enough then.
const slow = true
