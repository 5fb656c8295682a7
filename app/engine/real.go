package engine

import (
	"errors"

	"github.com/latco-studio/latco/learning/device/openblas"
	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/egl"
	"github.com/latco-studio/latco/render/gl/glfw"
	"github.com/latco-studio/latco/resources"
	"github.com/latco-studio/latco/sim/task"
)

// orReal is p, or this program's own parts if p is the zero value.
func (p Parts) orReal() (Parts, error) {
	if p.NewRenderer != nil {
		return p, nil
	}
	return Real()
}

// Real is what this program ships: its tasks, planners, renderer and models.
func Real() (Parts, error) { return RealOn(nil) }

// RealOn is Real beside a window: where there is no EGL, renderers use hidden
// GLFW windows, which only the main thread can make. onMain runs a function
// there and waits for it; with nil a missing EGL is an error.
func RealOn(onMain func(func())) (Parts, error) {
	_ = openblas.Use() // where there is none, gonum's own code serves; version says so
	// Without anti-aliasing a picture costs half the time where the processor draws.
	sketch := gl.Options{Samples: 1}
	return Parts{
		Tasks:       task.All(),
		Planners:    planning.Kinds(),
		NewRenderer: func() (render.Renderer, error) { return openRenderer(onMain, gl.Options{}) },
		NewSketcher: func() (render.Renderer, error) { return openRenderer(onMain, sketch) },
		OpenFile:    task.File,
		Models:      &catalogue{resources.Models()},
	}, nil
}

// OpenRenderer opens a renderer without a window.
func OpenRenderer() (render.Renderer, error) { return openRenderer(nil, gl.Options{}) }

// openRenderer tries EGL, then, if onMain is not nil, a hidden GLFW window. A
// process uses one of the two: the first renderer decides.
func openRenderer(onMain func(func()), o gl.Options) (render.Renderer, error) {
	context, err := egl.Open()
	if err == nil {
		return opened(gl.New(context, o))
	}
	if onMain == nil {
		return nil, err
	}
	hidden, fallback := glfw.Open(onMain)
	if fallback != nil {
		return nil, errors.Join(err, fallback)
	}
	return opened(gl.New(hidden, o))
}

// opened keeps a nil *gl.Renderer from becoming a Renderer that is not nil.
func opened(r *gl.Renderer, err error) (render.Renderer, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}
