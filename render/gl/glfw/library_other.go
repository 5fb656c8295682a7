//go:build !linux

package glfw

// openLibraries has nothing to do where OpenGL is part of the system.
func openLibraries() error { return nil }
