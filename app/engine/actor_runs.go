package engine

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/latco-studio/latco/learning"
)

// runShelf is what the actor knows of the runs on disk.
type runShelf struct {
	token   int // of the newest list
	plotted int // of the newest plot
}

// Reports of the helpers that read runs.
type (
	runsRead struct {
		token int // newest request wins
		list  []*learning.RunInfo
		err   error
	}
	runsPlotted struct {
		token int
		runs  *RunComparison
		err   error
	}
	runChanged struct {
		what, said string
		err        error
	}
)

// tend obeys what is about runs on disk, beside the live scene.
func (a *actor) tend(c runCommand) error {
	folder := RunsFolder(a.cfg.Home)
	switch c := c.(type) {
	case ReadRuns:
		a.readRuns()
	case PlotRuns:
		a.plotRuns(slices.Clone(c.Names))
	case NameRun:
		a.notice, a.changed = Status{}, true
		a.group.Go(func() error {
			a.report(runChanged{"Could not rename " + c.From, fmt.Sprintf("%s is called %s now.", c.From, c.To), RenameRun(folder, c.From, c.To)})
			return nil
		})
	case EraseRun:
		a.notice, a.changed = Status{}, true
		a.group.Go(func() error {
			a.report(runChanged{"Could not delete " + c.Name, "Deleted " + c.Name + ".", DeleteRun(folder, c.Name)})
			return nil
		})
	}
	return nil
}

func (a *actor) readRuns() {
	folder := RunsFolder(a.cfg.Home)
	a.shelf.token++
	token := a.shelf.token
	a.group.Go(func() error {
		list, err := ListRuns(folder)
		a.report(runsRead{token, list, err})
		return nil
	})
}

func (a *actor) plotRuns(names []string) {
	a.shelf.plotted++
	v := &a.draft.Runs
	v.Plotting, a.changed = len(names) > 0, true
	if !v.Plotting {
		v.Plotted = nil
		return
	}
	folder, token := RunsFolder(a.cfg.Home), a.shelf.plotted
	a.group.Go(func() error {
		runs, err := CompareRuns(folder, names)
		a.report(runsPlotted{token, runs, err})
		return nil
	})
}

// runsHeard takes over what is reported about runs.
func (a *actor) runsHeard(ev event) {
	v := &a.draft.Runs
	switch ev := ev.(type) {
	case runsRead:
		if ev.token != a.shelf.token {
			return
		}
		if ev.err != nil {
			a.try("Could not list the training runs", ev.err)
			return
		}
		v.Folder, v.List, v.Read, a.changed = RunsFolder(a.cfg.Home), ev.list, time.Now(), true
	case runsPlotted:
		if ev.token != a.shelf.plotted {
			return
		}
		v.Plotting, v.Plotted, a.changed = false, ev.runs, true
		a.try("Could not read the curves", ev.err)
	case runChanged:
		var busy *learning.BusyError
		switch {
		case errors.As(ev.err, &busy) && busy.PID != 0 && a.study.cancel != nil && sameFolder(busy.Dir, a.draft.Train.Out):
			a.tell(Failure, ev.what+": it is being trained here. Stop the training first.")
			a.notice.Details = ev.err.Error()
		case ev.err != nil:
			a.try(ev.what, ev.err)
		default:
			a.tell(Info, ev.said)
			a.draft.Task.Model = a.parts.modelFor(a.cfg.Home, a.draft.Task.Name)
		}
		a.readRuns()
	}
}
