package engine

import (
	"fmt"

	"github.com/latco-studio/latco/resources/setting"
)

// obey carries out one command. Those that only move the view leave an error in
// the status line; all others replace it.
func (a *actor) obey(c Command) error {
	switch c := c.(type) {
	case Viewport:
		a.look.resize(c.W, c.H)
		return nil
	case Orbit, Pan, Zoom, NextCamera, ResetCamera:
		a.look.turn(a, c)
		return nil
	case PointAtBookmark:
		a.look.pointed, a.look.dirty = c.Name, true
		return nil
	case DragMove:
		return a.look.dragMove(a, c)
	case SelectColumn:
		a.pursuit.view.Column = c.T
		if a.draft.Plan != nil {
			a.showPlan()
		}
		return nil
	case SelectIteration:
		a.pursuit.chosen = c.K
		a.askStrip()
		return nil
	case ListData, OpenData, ShowThumbs, ChooseEpisode:
		return a.browse(c)
	case SeekReplay:
		return a.seekReplay(c.Row)
	}
	if c, ok := c.(runCommand); ok {
		return a.tend(c)
	}
	a.notice = Status{}
	a.changed = true
	if a.opening.waits(c) {
		a.opening.later = append(a.opening.later, c)
		return nil
	}
	if a.draft.Data.Replay != nil {
		if done, err := a.whileReplaying(c); done || err != nil {
			return err
		}
	}
	switch c := c.(type) {
	case ReplayEpisode, DeleteEpisodes, UndoDelete, ExportEpisodes, StopExport, CollectEpisodes, StopCollecting:
		return a.browse(c)
	case SelectTask, OpenScene, SetTaskField, LoadModel, SelectPlanner, SetPlannerField, ResetPlannerFields, SetPlanDevice:
		return a.configure(c)
	case StartTraining, MoveTraining, PauseTraining, StopTraining:
		return a.train(c)
	case SaveBookmark, LoadBookmark, RenameBookmark, DeleteBookmark:
		return a.mark(c)
	case Pick:
		return a.look.pick(a, c)
	case DragStart:
		return a.look.dragStart(a, c)
	case DragEnd:
		return a.look.dragEnd(a)
	case Screenshot:
		return a.screenshot(c.Path)
	}
	return a.drive(c)
}

// drive obeys what moves the scene.
func (a *actor) drive(c Command) error {
	switch c := c.(type) {
	case Plan, Run:
		return a.think(c)
	case Watch:
		return a.startWatch(c.Policy)
	case Stop:
		a.opening.later, a.eager = nil, nil
		a.halt()
	case Reset:
		seed := a.draft.Seed
		switch {
		case c.Seed != nil:
			seed = *c.Seed
		case c.New:
			seed++
		}
		return a.again(seed)
	case Pause:
		a.draft.Paused = c.On
	case StepOnce:
		return a.stepOnce()
	case SetSpeed:
		if !(c.Factor >= 0.1 && c.Factor <= 10) {
			return &setting.RangeError{Key: "speed", Value: fmt.Sprint(c.Factor), Want: "a number in [0.1, 10]"}
		}
		a.draft.Speed = c.Factor
	default:
		return fmt.Errorf("the engine does not know the command %T", c)
	}
	return nil
}

// think plans, or will when the model has been loaded that is on its way.
func (a *actor) think(c Command) error {
	if a.world == nil && a.loading {
		a.eager = c
		a.tell(Busy, "Loading the model first.")
		return nil
	}
	if c == (Run{}) {
		return a.run()
	}
	return a.startPlan(false)
}

// stepOnce pauses and advances by one control step: along the plan if one is
// ready, else with the action that holds the scene.
func (a *actor) stepOnce() error {
	a.draft.Paused = true
	switch a.draft.Phase {
	case Planning:
		return nil // the scene waits for the plan
	case Watching:
		return a.watchOnce()
	case EpisodeOver:
		a.tell(Info, "The episode is over: Reset begins it again.")
		return nil
	}
	if a.ready() {
		a.draft.Phase = Executing
		return a.advance()
	}
	a.outdate()
	return a.step(a.stage.holding())
}

// configure obeys what changes task, model and planner.
func (a *actor) configure(c Command) error {
	switch c := c.(type) {
	case SelectTask:
		return a.selectTask(c.Name)
	case OpenScene:
		return a.openScene(c.Path)
	case SetTaskField:
		return a.setTaskField(c)
	case LoadModel:
		a.load(c.Name)
		return nil
	case SelectPlanner:
		if c.Name == a.setup.kind.Name {
			return nil
		}
		if err := a.choose(c.Name); err != nil {
			return err
		}
		if a.draft.Phase == Planning { // what is chosen is what happens
			return a.startPlan(a.pursuit.closed)
		}
		return nil
	case SetPlanDevice:
		return a.setPlanDevice(c.Device)
	case SetPlannerField:
		err := a.setup.set(c.Key, c.Value)
		a.describePlanner()
		return err
	case ResetPlannerFields:
		delete(a.setups, a.setup.kind.Name)
		return a.choose(a.setup.kind.Name)
	}
	return nil
}
