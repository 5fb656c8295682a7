package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"strings"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// startTraining hands a new run, or one that goes on, to the train worker.
func (a *actor) startTraining(c StartTraining) error {
	order, err := a.trainOrder(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(a.ctx)
	a.study = study{id: a.study.id + 1, cancel: cancel}
	order.id, order.ctx = a.study.id, ctx
	a.trainer.pause(false)
	a.trainer.orders.put(order)
	v := newTrainDraft(order)
	v.Status = TrainCollecting
	a.draft.Train, a.changed = v.copy(), true
	return nil
}

// trainOrder resolves what is to be trained: tasks, planner and model.
func (a *actor) trainOrder(c StartTraining) (trainOrder, error) {
	tasks, out, err := a.taught(c)
	if err != nil {
		return trainOrder{}, err
	}
	s, err := a.collecting(c.Planner)
	if err != nil {
		return trainOrder{}, err
	}
	options := TrainOptions{Preset: c.Preset, Fields: maps.Clone(c.Fields), Updates: c.Updates, Data: c.Data, Seed: c.Seed,
		Resume: c.Resume, Out: out, Device: cmp.Or(c.Device, a.cfg.Device), Threads: a.cfg.TrainThreads,
		OnDeviceFailure: c.OnDeviceFailure}
	if c.Resume {
		options.Planner = c.Planner
	}
	run, err := newRun(tasks[0], options)
	if err != nil {
		return trainOrder{}, err
	}
	return trainOrder{tasks: tasks, run: run, options: options, setup: s,
		settings: setting.Map(a.stage.inst.Fields()), data: filepath.Join(a.cfg.Home, dataFolder)}, nil
}

// taught are the tasks of a run and its folder: those that a resumed run began with,
// else the one on the stage and what is to be learned beside it.
func (a *actor) taught(c StartTraining) (tasks []sim.Task, out string, err error) {
	task := a.stage.task
	out = c.Out
	if c.Resume && out == "" {
		if out = newestRun(a.cfg.Home, task.Name); out == "" {
			return nil, "", fmt.Errorf("there is no earlier training of %s to resume", task.Title)
		}
	}
	if c.Resume {
		run, _, err := learning.LoadRun(out)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, learning.ErrNoRun) {
			err = fmt.Errorf("there is no run in %s to resume", out)
		}
		if err != nil {
			return nil, "", err
		}
		if run.Task == task.Name { // it may be one that is not in the catalogue
			return []sim.Task{task}, out, nil
		}
		var names []string
		for _, t := range run.Learns() {
			names = append(names, t.Name)
		}
		tasks, err = a.parts.taught(TrainOptions{Tasks: names})
		return tasks, out, err
	}
	if task.ActionDim == 0 {
		return nil, "", fmt.Errorf("%s has no actuators: there is nothing to learn to do", task.Title)
	}
	if len(c.Beside) == 0 {
		tasks = []sim.Task{task}
	} else if tasks, err = a.parts.taught(TrainOptions{Tasks: append([]string{task.Name}, c.Beside...)}); err != nil {
		return nil, "", err
	}
	for _, t := range tasks {
		if t.ActionDim == 0 {
			return nil, "", fmt.Errorf("%s has no actuators: there is nothing to learn to do", t.Title)
		}
	}
	if out == "" {
		name := fmt.Sprintf("%s-%s", task.Name, time.Now().Format("20060102-150405"))
		out = filepath.Join(RunsFolder(a.cfg.Home), name)
	}
	return tasks, out, nil
}

// collecting is the planner of a run's episodes, set as it is on screen: "" is the
// chosen one.
func (a *actor) collecting(planner string) (*setup, error) {
	if planner == "" || planner == a.setup.kind.Name {
		return a.setup.clone()
	}
	if s := a.setups[planner]; s != nil {
		return s.clone()
	}
	kind, err := a.parts.kind(planner)
	if err != nil {
		return nil, err
	}
	return newSetup(kind, a.schedule), nil
}

// titles is how several tasks are called together.
func titles(tasks []sim.Task) string {
	var list []string
	for _, t := range tasks {
		list = append(list, t.Title)
	}
	return strings.Join(list, ", ")
}
