//go:build linux || freebsd

// Package egl makes OpenGL 3.3 core contexts without a window system, through
// EGL. It works with and without a display server. libEGL is looked up when
// the first context is made, so that a program that never draws starts
// without it.
package egl

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "egl.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"sync"
	"unsafe"
)

// ErrMissing is wrapped by errors of Open that installing packages cures.
var ErrMissing = errors.New("install OpenGL for EGL: apt-get install libegl1 libgl1-mesa-dri")

// load resolves libEGL once; a process cannot gain it later.
var load = sync.OnceValue(func() error {
	if msg := C.eglx_load(); msg != nil {
		return fmt.Errorf("egl: %s; %w", C.GoString(msg), ErrMissing)
	}
	return nil
})

// Context is an OpenGL 3.3 core context that belongs to no surface: what is
// drawn goes to framebuffer objects.
type Context struct {
	x C.eglx
}

// Open makes a context on the first display that can have one: the devices in
// the order EGL lists them (graphics cards before software), then Mesa's
// surfaceless platform, then the default display.
func Open() (*Context, error) {
	if err := load(); err != nil {
		return nil, err
	}
	c := new(Context)
	if C.eglx_open(&c.x) == 0 {
		return nil, fmt.Errorf("egl: no OpenGL 3.3 context: %s; %w", c.Info(), ErrMissing)
	}
	return c, nil
}

// MakeCurrent binds the context to the calling OS thread.
func (c *Context) MakeCurrent() error {
	if code := C.eglx_current(&c.x); code != 0 {
		return fmt.Errorf("egl: making the context current: error 0x%x", int(code))
	}
	return nil
}

// ProcAddress finds a GL function.
func (c *Context) ProcAddress(name string) unsafe.Pointer {
	s := C.CString(name)
	defer C.free(unsafe.Pointer(s))
	return C.eglx_proc(s)
}

// Info names the EGL version, the display and its vendor.
func (c *Context) Info() string { return C.GoString(&c.x.message[0]) }

// Close destroys the context. Call it on the thread where it is current.
func (c *Context) Close() error {
	if code := C.eglx_close(&c.x); code != 0 {
		return fmt.Errorf("egl: destroying the context: error 0x%x", int(code))
	}
	return nil
}
