package cli

import (
	"errors"
	"fmt"
	"image"
	"math/rand"
	"runtime"
	"sync"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// simStep is Step beside the physics steps alone, through the same states.
func simStep(t sim.Task) measurement {
	const steps = 1000
	m := measurement{name: "sim/step/" + t.Name, note: "1000 control steps with random actions", runs: 25, alone: true}
	m.beside.name, m.beside.note = "sim/bare/"+t.Name, "their mj_step calls alone"
	m.compare = func(ratio float64) string { return fmt.Sprintf("; %.3f × sim/bare", ratio) }
	m.open = func() (timed, error) {
		inst, err := t.New(nil)
		if err != nil {
			return timed{}, err
		}
		bare, ok := inst.(interface{ Bare(action []float64) error })
		if !ok {
			return timed{}, errors.Join(errors.New("this task cannot do its physics alone"), inst.Close())
		}
		actions := randomActions(t, steps)
		whole := func() error {
			return walk(inst, actions, func(a []float64) error { _, err := inst.Step(a); return err })
		}
		alone := func() error { return walk(inst, actions, bare.Bare) }
		return timed{run: whole, beside: alone, close: func() { inst.Close() }}, nil
	}
	return m
}

func randomActions(t sim.Task, n int) [][]float64 {
	rng := rand.New(rand.NewSource(1))
	actions := make([][]float64, n)
	for i := range actions {
		actions[i] = make([]float64, t.ActionDim)
		for k := range actions[i] {
			actions[i][k] = 2*rng.Float64() - 1
		}
	}
	return actions
}

// walk resets and does the actions.
func walk(inst sim.Instance, actions [][]float64, step func(action []float64) error) error {
	if _, err := inst.Reset(1); err != nil {
		return err
	}
	for _, a := range actions {
		if err := step(a); err != nil {
			return err
		}
	}
	return nil
}

func drawTask(name string, t sim.Task, camera render.Camera, w, h int) measurement {
	return measurement{name: name, note: "one frame, scene refilled", runs: 25,
		open: func() (timed, error) {
			o, err := newObserver(t)
			if err != nil {
				return timed{}, err
			}
			frame := image.NewRGBA(image.Rect(0, 0, w, h))
			return timed{run: func() error { return o.look(frame, camera) }, close: o.close}, nil
		}}
}

// observed is stepping and looking on every core beside the same on one.
func observed(t sim.Task) measurement {
	const steps = 100
	n := runtime.NumCPU()
	m := measurement{name: "sim/observed/" + t.Name, runs: 5,
		note: fmt.Sprintf("100 control steps with their observations on each of %d goroutines", n)}
	m.beside.name, m.beside.note = "sim/observed/one/"+t.Name, "the same on one"
	m.compare = func(ratio float64) string { return fmt.Sprintf("; %.2f × as many a second", float64(n)/ratio) }
	m.open = func() (timed, error) {
		var team []*observer
		closeAll := func() {
			for _, o := range team {
				o.close()
			}
		}
		for range n {
			o, err := newObserver(t)
			if err != nil {
				closeAll()
				return timed{}, err
			}
			team = append(team, o)
		}
		actions := randomActions(t, steps)
		together := func() error {
			errs := make([]error, n)
			var wait sync.WaitGroup
			for i, o := range team {
				wait.Go(func() { errs[i] = o.episode(actions) })
			}
			wait.Wait()
			return errors.Join(errs...)
		}
		return timed{run: together, beside: func() error { return team[0].episode(actions) }, close: closeAll}, nil
	}
	return m
}

// observer is a task with a renderer of its own.
type observer struct {
	inst     sim.Instance
	renderer render.Renderer
	camera   render.Camera
	scene    render.Scene
	frame    *image.RGBA
}

func newObserver(t sim.Task) (*observer, error) {
	inst, err := t.New(nil)
	if err != nil {
		return nil, err
	}
	if _, err := inst.Reset(1); err != nil {
		return nil, errors.Join(err, inst.Close())
	}
	renderer, err := engine.OpenRenderer()
	if err != nil {
		return nil, errors.Join(err, inst.Close())
	}
	return &observer{inst: inst, renderer: renderer, camera: t.Camera,
		frame: image.NewRGBA(image.Rect(0, 0, engine.Pixels, engine.Pixels))}, nil
}

func (o *observer) close() {
	o.renderer.Close()
	o.inst.Close()
}

func (o *observer) look(frame *image.RGBA, camera render.Camera) error {
	o.inst.Scene(&o.scene)
	return o.renderer.Draw(frame, &o.scene, camera)
}

func (o *observer) episode(actions [][]float64) error {
	return walk(o.inst, actions, func(a []float64) error {
		if _, err := o.inst.Step(a); err != nil {
			return err
		}
		return o.look(o.frame, engine.Tracking(o.camera, o.inst))
	})
}
