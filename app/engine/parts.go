package engine

import (
	"errors"
	"fmt"
	"strings"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Parts are what an engine is built from. Real fills in this program's own;
// tests put fakes in their place.
type Parts struct {
	Tasks    []sim.Task      // menu order
	Planners []planning.Kind // menu order
	// NewRenderer opens a renderer of its own at every call.
	NewRenderer func() (render.Renderer, error)
	// NewSketcher opens a cheaper renderer, for a live scene that moves on a
	// machine that draws slowly. Nil if there is none.
	NewSketcher func() (render.Renderer, error)
	// OpenFile makes a task of an MJCF file; its errors name file and line. Nil if
	// there is no such thing.
	OpenFile func(path string) (sim.Task, error)
	Models   Catalogue
	Training TrainingParts
}

// Catalogue finds world models.
type Catalogue interface {
	// Bundled is the name of the model that comes with a task, "" if none does.
	Bundled(task string) string
	// Open reads a bundled model by name or a checkpoint by file name.
	Open(name string) (World, error)
}

// UnknownNameError names something that is not in a catalogue and what is.
type UnknownNameError struct {
	Kind  string // task, planner, model, policy …
	Name  string
	Known []string
}

func (e *UnknownNameError) Error() string {
	return fmt.Sprintf("no %s %q; known: %s", e.Kind, e.Name, strings.Join(e.Known, ", "))
}

// ErrNoModel says that a task has no world model to plan with.
var ErrNoModel = errors.New("no world model: train one or name a checkpoint")

// task finds a task by name.
func (p *Parts) task(name string) (sim.Task, error) {
	known := make([]string, 0, len(p.Tasks))
	for _, t := range p.Tasks {
		if t.Name == name {
			return t, nil
		}
		known = append(known, t.Name)
	}
	return sim.Task{}, &UnknownNameError{"task", name, known}
}

// kind finds a planner by name.
func (p *Parts) kind(name string) (planning.Kind, error) {
	known := make([]string, 0, len(p.Planners))
	for _, k := range p.Planners {
		if k.Name == name {
			return k, nil
		}
		known = append(known, k.Name)
	}
	return planning.Kind{}, &UnknownNameError{"planner", name, known}
}

// world opens a model by name or file, or the bundled one of the task for "".
func (p *Parts) world(name string, task sim.Task) (World, error) {
	if name == "" {
		if name = p.Models.Bundled(task.Name); name == "" {
			return nil, fmt.Errorf("task %s: %w", task.Name, ErrNoModel)
		}
	}
	w, err := p.Models.Open(name)
	if err != nil {
		return nil, err
	}
	fit, err := w.For(task)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return fit, nil
}

// modelFor is what LoadModel takes to load the model of a task: the bundled one, or
// the one that was trained last; "" if there is neither.
func (p *Parts) modelFor(home, task string) string {
	if name := p.Models.Bundled(task); name != "" {
		return name
	}
	return newestModels(home)[task]
}
