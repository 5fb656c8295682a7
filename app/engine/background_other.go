//go:build !linux

package engine

// inBackground runs f; priorities of threads are not portable.
func inBackground(_ niceness, f func() error) error { return f() }
