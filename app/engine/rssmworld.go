package engine

import (
	"errors"
	"fmt"
	"math/rand"
	"strings"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/sim"
)

// What the planners ask for and the RSSM can do.
var (
	_ planning.Searcher         = (*rssm.Model)(nil)
	_ planning.Batcher          = (*rssm.Model)(nil)
	_ planning.LinearizeBatcher = (*rssm.Model)(nil)
	_ planning.MomentLinearizer = (*rssm.Model)(nil)
	_ planning.Collocator       = (*rssm.Model)(nil)
)

// rssmWorld is a World of RSSM parameters.
type rssmWorld struct {
	params *rssm.Params
	info   ModelInfo
	task   string               // that it was trained on, "" if unknown or several
	tasks  []learning.ModelTask // if several
	set    map[string]string    // how the task was set
	plans  map[string]string    // how its episodes were planned
}

func (w *rssmWorld) Info() ModelInfo                    { return w.info }
func (w *rssmWorld) Settings() map[string]string        { return w.set }
func (w *rssmWorld) PlannerSettings() map[string]string { return w.plans }

// For gives a model of several tasks the actions of one.
func (w *rssmWorld) For(task sim.Task) (World, error) {
	if len(w.tasks) == 0 {
		switch {
		case w.params.ActionDim != task.ActionDim:
			return nil, fmt.Errorf("has %d actions, task %s has %d", w.params.ActionDim, task.Name, task.ActionDim)
		case w.task != "" && w.task != task.Name:
			return nil, fmt.Errorf("was trained on task %s, not on %s", w.task, task.Name)
		}
		return w, nil
	}
	for _, t := range w.tasks {
		if t.Name != task.Name {
			continue
		}
		if t.ActionDim != task.ActionDim {
			return nil, fmt.Errorf("knows task %s with %d actions, it has %d", t.Name, t.ActionDim, task.ActionDim)
		}
		params, err := w.params.Narrow(t.ActionDim)
		if err != nil {
			return nil, err
		}
		info := w.info
		info.Reward = t.Reward
		return &rssmWorld{params: params, info: info, task: t.Name, set: t.Settings, plans: t.PlannerSettings}, nil
	}
	return nil, fmt.Errorf("was trained on tasks %s, not on %s", strings.Join(w.taskNames(), ", "), task.Name)
}

// taskNames are those of the tasks that it was trained on.
func (w *rssmWorld) taskNames() []string {
	if len(w.tasks) == 0 {
		return []string{w.task}
	}
	names := make([]string, len(w.tasks))
	for i, t := range w.tasks {
		names[i] = t.Name
	}
	return names
}

// Open gives the parameters a device of their own.
func (w *rssmWorld) Open(kind string, threads int) (Mind, error) {
	dev, err := openUrgent(kind, threads)
	if err != nil {
		return nil, err
	}
	model, err := rssm.NewModel(w.params, dev)
	if err != nil {
		return nil, errors.Join(err, dev.Close())
	}
	return &rssmMind{model, dev}, nil
}

// rssmMind is a model with the device it owns.
type rssmMind struct {
	model *rssm.Model
	dev   device.Device
}

func (m *rssmMind) Model() planning.Model { return m.model }
func (m *rssmMind) Device() string        { return m.dev.Name() }
func (m *rssmMind) Initial() Belief       { return m.model.Initial() }

func (m *rssmMind) Observe(b Belief, action []float64, pixels []uint8, rng *rand.Rand) (Belief, error) {
	return m.model.Observe(b.(rssm.Belief), action, pixels, rng)
}

func (m *rssmMind) Decode(n int, features []float64, pixels []uint8) error {
	return m.model.Decode(n, features, pixels)
}

func (m *rssmMind) Close() error { return errors.Join(m.model.Close(), m.dev.Close()) }
