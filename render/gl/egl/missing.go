//go:build !linux && !freebsd

// Package egl makes OpenGL contexts without a window system, where EGL exists.
package egl

import (
	"errors"
	"unsafe"
)

// ErrMissing is what Open returns on systems without EGL.
var ErrMissing = errors.New("egl: not on this system; use a hidden GLFW window")

// Context cannot be made on this system.
type Context struct{}

// Open always fails with ErrMissing.
func Open() (*Context, error) { return nil, ErrMissing }

func (*Context) MakeCurrent() error                { return ErrMissing }
func (*Context) ProcAddress(string) unsafe.Pointer { return nil }
func (*Context) Info() string                      { return ErrMissing.Error() }
func (*Context) Close() error                      { return nil }
