package engine

import (
	"errors"

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
func Real() (Parts, error) {
	return Parts{
		Tasks:       task.All(),
		Planners:    planning.Kinds(),
		NewRenderer: func() (render.Renderer, error) { return OpenRenderer(nil) },
		NewSketcher: openSketcher,
		Models:      &catalogue{resources.Models()},
	}, nil
}

// OpenRenderer opens a renderer without a window: through EGL, else, if onMain
// is not nil, through a hidden GLFW window. onMain runs a function on the main
// thread and waits for it. A process uses one of the two: the first renderer
// decides.
func OpenRenderer(onMain func(func())) (render.Renderer, error) {
	context, err := egl.Open()
	if err == nil {
		return opened(gl.New(context, gl.Options{}))
	}
	if onMain == nil {
		return nil, err
	}
	hidden, fallback := glfw.Open(onMain)
	if fallback != nil {
		return nil, errors.Join(err, fallback)
	}
	return opened(gl.New(hidden, gl.Options{}))
}

// openSketcher opens a renderer without anti-aliasing, which costs half the time
// where the processor draws.
func openSketcher() (render.Renderer, error) {
	context, err := egl.Open()
	if err != nil {
		return nil, err
	}
	return opened(gl.New(context, gl.Options{Samples: 1}))
}

// opened keeps a nil *gl.Renderer from becoming a Renderer that is not nil.
func opened(r *gl.Renderer, err error) (render.Renderer, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}
