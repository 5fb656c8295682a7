// Package glfw makes OpenGL 3.3 core contexts with hidden windows, for systems
// without EGL.
//
// GLFW allows its windows to be made and destroyed on the main thread only.
// Open and Context.Close therefore take the caller's way of getting there: a
// function that runs another on the main thread and returns when it is done,
// such as fyne.DoAndWait after Fyne's loop has started. GLFW must be
// initialised, as Fyne does, and not yet terminated: close every context
// before the window toolkit quits. Never wait on the main thread for a
// renderer that is being closed: the close itself waits for the main thread.
package glfw

import (
	"errors"
	"fmt"

	"github.com/go-gl/glfw/v3.3/glfw"
)

// Context is the OpenGL 3.3 core context of a hidden window.
type Context struct {
	window *glfw.Window
	onMain func(func())
}

// Open makes a context. onMain runs a function on the main thread and waits
// for it.
func Open(onMain func(func())) (*Context, error) {
	c := &Context{onMain: onMain}
	var err error
	onMain(func() {
		err = guard(func() (err error) {
			c.window, err = hiddenWindow()
			return err
		})
	})
	if err != nil {
		return nil, fmt.Errorf("glfw: no OpenGL 3.3 context: %w; install OpenGL: apt-get install libgl1 libgl1-mesa-dri, and run in a graphical session (or under xvfb-run)", err)
	}
	return c, nil
}

// hiddenWindow leaves the toolkit's own state as it was: the current context
// and the window hints, which it expects to be the defaults.
func hiddenWindow() (*glfw.Window, error) {
	previous := glfw.GetCurrentContext()
	defer func() {
		if previous != nil {
			previous.MakeContextCurrent()
		} else {
			glfw.DetachCurrentContext()
		}
	}()
	defer glfw.DefaultWindowHints()
	glfw.DefaultWindowHints()
	glfw.WindowHint(glfw.Visible, glfw.False)
	glfw.WindowHint(glfw.ContextVersionMajor, 3)
	glfw.WindowHint(glfw.ContextVersionMinor, 3)
	glfw.WindowHint(glfw.OpenGLProfile, glfw.OpenGLCoreProfile)
	glfw.WindowHint(glfw.OpenGLForwardCompatible, glfw.True)
	return glfw.CreateWindow(16, 16, "offscreen", nil, nil)
}

// guard turns the panics by which go-gl/glfw reports errors into errors.
func guard(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	return f()
}

// MakeCurrent binds the context to the calling OS thread, any thread but the
// main one.
func (c *Context) MakeCurrent() error {
	err := guard(func() error {
		c.window.MakeContextCurrent()
		return nil
	})
	if err != nil {
		return fmt.Errorf("glfw: making the context current: %w", err)
	}
	return nil
}

// Info says what kind of context this is.
func (c *Context) Info() string { return "GLFW " + glfw.GetVersionString() + ", hidden window" }

// Close destroys the window on the main thread. Call it on the thread where
// the context is current, not on the main thread.
func (c *Context) Close() error {
	err := guard(func() error {
		glfw.DetachCurrentContext()
		return nil
	})
	c.onMain(func() {
		err = errors.Join(err, guard(func() error {
			c.window.Destroy()
			return nil
		}))
	})
	if err != nil {
		return fmt.Errorf("glfw: destroying the hidden window: %w", err)
	}
	return nil
}
