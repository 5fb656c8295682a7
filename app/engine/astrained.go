package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// asTrained completes the settings of a task by those that a model learned it with:
// with another action repeat, say, its predictions would be of another length.
func asTrained(w World, task sim.Task, given map[string]string) (map[string]string, error) {
	if len(w.Settings()) == 0 {
		return given, nil
	}
	inst, err := task.New(given)
	if err != nil {
		return nil, fmt.Errorf("task %s: %w", task.Name, err)
	}
	defer inst.Close()
	all := maps.Clone(given)
	for key, text := range w.Settings() {
		if has(inst.Fields(), key) { // else it is not settable any more
			all[key] = cmp.Or(given[key], text)
		}
	}
	return all, nil
}

// rehearsed is a planner on a task with a model, as a job wants it.
type rehearsed struct {
	task     sim.Task
	world    World
	setup    *setup
	settings map[string]string // of the task
}

// rehearse resolves names and settings of a job. What is not given is as in the
// training of the model.
func (p *Parts) rehearse(name, planner, model string, given map[string]string) (r rehearsed, err error) {
	if r.task, err = p.task(name); err != nil {
		return r, err
	}
	if r.world, err = p.world(model, r.task); err != nil {
		return r, err
	}
	if r.setup, r.settings, err = p.asPlanned(r.world, r.task, planner, given); err != nil {
		return r, err
	}
	r.settings, err = asTrained(r.world, r.task, r.settings)
	return r, err
}

// texts are the settings of planner, schedule and task that are used, by key.
func (r rehearsed) texts() map[string]string {
	texts := setting.Map(r.setup.Fields())
	maps.Copy(texts, r.settings)
	return texts
}

// asPlanned is setups for a model: how far it is planned, and how much of a plan is
// executed, is what it was in the episodes of its training, unless it is given.
func (p *Parts) asPlanned(w World, task sim.Task, planner string, given map[string]string) (*setup, map[string]string, error) {
	usual, err := trainedSchedule(w, task)
	if err != nil {
		return nil, nil, err
	}
	return p.setups(task, planner, usual, given)
}

// otherThanTrained says which settings of a scene are not those that a model
// learned with, "" if all are.
func otherThanTrained(w World, scene []setting.Field) string {
	var others []string
	now := setting.Map(scene)
	for _, key := range slices.Sorted(maps.Keys(w.Settings())) {
		if text, ok := now[key]; ok && text != w.Settings()[key] {
			others = append(others, fmt.Sprintf("%s %s, not %s", key, w.Settings()[key], text))
		}
	}
	return strings.Join(others, "; ")
}
