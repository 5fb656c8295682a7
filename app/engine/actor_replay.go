package engine

import (
	"fmt"
	"image"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// replay is a recorded episode that is played again in the scene, on a stage of its
// own. What is on the actor's stage stands still meanwhile and comes back as it was.
type replay struct {
	token int    // of the newest request
	stage *stage // nil while none is played
	rerun *rerun
	set   string        // folder of the set
	seen  []*image.RGBA // the recorded images

	look   look // of what waits
	phase  Phase
	paused bool
	target int // row to go to at once
}

// replayOpened ends the preparation of a replay.
type replayOpened struct {
	token  int
	number int
	set    string
	stage  stage
	rerun  *rerun
	seen   []*image.RGBA
	err    error
}

// discard frees what nobody took over.
func (o replayOpened) discard() { o.stage.close() }

// seekBudget is how long the actor goes forward in one tick.
const seekBudget = 8 * time.Millisecond

// startReplay prepares an episode of the open set beside the live scene.
func (a *actor) startReplay(number int) error {
	set := a.archive.set
	if err := checkNumbers(set, []int{number}); err != nil {
		return err
	}
	task, err := a.parts.task(set.Info.Task)
	if err != nil {
		if a.stage.task.Name != set.Info.Task { // a scene file that is open
			return fmt.Errorf("the episode cannot be played: %w", err)
		}
		task = a.stage.task
	}
	r := &a.replay
	r.token++
	token := r.token
	view := ReplayView{Dir: set.Dir, Number: number, Title: task.Title, Opening: true, Deviates: -1}
	if old := a.draft.Data.Replay; old != nil && r.stage != nil {
		view.Row, view.Steps, view.Frame = old.Row, old.Steps, old.Frame // what is still on screen
	}
	a.draft.Data.Replay = &view
	a.group.Go(func() error {
		done := replayOpened{token: token, number: number, set: set.Dir}
		done.stage, done.rerun, done.seen, done.err = a.prepareReplay(set, number, task)
		if !a.report(done) {
			done.discard()
		}
		return nil
	})
	return nil
}

// prepareReplay reads an episode and sets a stage for it. It runs beside the actor.
func (a *actor) prepareReplay(set *learning.Dataset, number int, task sim.Task) (s stage, r *rerun, seen []*image.RGBA, err error) {
	ep, err := set.Load(number)
	if err != nil {
		return s, nil, nil, err
	}
	made := task.New
	task.New = func(map[string]string) (sim.Instance, error) { return made(set.Info.Settings) }
	if s, err = newStage(a.ctx, a.paint, task); err != nil {
		return s, nil, nil, err
	}
	r, err = newRerun(s.inst, task, ep, set.Info.PolicySettings)
	if err != nil {
		s.close()
		return stage{}, nil, nil, err
	}
	return s, r, frames(ep.Pixels), nil
}

// openedReplay puts a prepared episode before the scene.
func (a *actor) openedReplay(o replayOpened) {
	r := &a.replay
	if o.token != r.token {
		o.discard()
		return
	}
	if o.err != nil {
		a.leaveReplay()
		a.try("Could not play the episode", o.err)
		return
	}
	if r.stage == nil {
		a.halt()
		a.try("", a.look.dragEnd(a)) // what a hand pulls is let go
		r.look, r.phase, r.paused = a.look, a.draft.Phase, a.draft.Paused
	} else {
		r.stage.close()
	}
	if shown := a.onScreen().task.Name; shown != o.stage.task.Name {
		a.look.home(o.stage.task)
	}
	a.look.picked, a.look.grip = nil, grip{}
	r.stage, r.rerun, r.set, r.seen, r.target = &o.stage, o.rerun, o.set, o.seen, 0
	a.draft.Data.Replay = &ReplayView{Dir: o.set, Number: o.number, Title: o.stage.task.Title}
	a.draft.Phase, a.draft.Paused = Replaying, false
	a.clock.owed = 0
	a.showReplay()
	a.try("", a.look.refreshPick(a))
}

// onScreen is the stage that is seen: that of the replay, else the actor's.
func (a *actor) onScreen() *stage {
	if a.replay.stage != nil {
		return a.replay.stage
	}
	return &a.stage
}

// leaveReplay brings back what was on the stage, and gives up what is being prepared.
func (a *actor) leaveReplay() {
	r := &a.replay
	r.token++
	if a.draft.Data.Replay != nil {
		a.draft.Data.Replay, a.changed = nil, true
	}
	if r.stage == nil {
		return
	}
	other := r.stage.task.Name != a.stage.task.Name
	r.stage.close()
	was := r.look
	a.draft.Phase, a.draft.Paused = r.phase, r.paused
	*r = replay{token: r.token}
	if other {
		was.view = a.look.view // the painter's
		a.look = was
		if a.draft.CameraName != "" {
			a.draft.CameraName = a.look.cameraName()
		}
	}
	a.look.grip, a.look.picked = grip{}, nil
	a.look.glide.on, a.look.dirty = false, true
	a.draft.Picked = nil
	a.clock.owed = 0
}

// replaying takes the steps that are due, and those on the way to where a person
// wants to be.
func (a *actor) replaying() error {
	r := &a.replay
	before := r.rerun.row
	for began := time.Now(); r.rerun.row < r.target && !r.rerun.over() && time.Since(began) < seekBudget; {
		if err := r.rerun.step(); err != nil {
			return a.brokenReplay(err)
		}
	}
	if a.draft.Paused || r.rerun.row < r.target {
		a.clock.owed = 0
	}
	for a.clock.owed >= r.stage.dt && !r.rerun.over() {
		a.clock.owed -= r.stage.dt
		a.look.glide.start(r.stage.inst)
		if err := r.rerun.step(); err != nil {
			return a.brokenReplay(err)
		}
	}
	if r.rerun.row == before {
		return nil
	}
	if r.rerun.over() {
		a.draft.Paused, r.target = true, 0
	}
	a.showReplay()
	return a.look.refreshPick(a)
}

// brokenReplay gives a replay up whose simulation failed.
func (a *actor) brokenReplay(err error) error {
	row := a.replay.rerun.row
	a.leaveReplay()
	return fmt.Errorf("the replay failed after step %d: %w", row, err)
}

// seekReplay goes to a row: at once where it has been, forward as fast as that can be
// simulated.
func (a *actor) seekReplay(row int) error {
	r := &a.replay
	if r.stage == nil {
		return nil // it has just ended
	}
	r.target = min(max(row, 0), r.rerun.episode.Steps())
	a.look.glide.on = false
	if err := r.rerun.show(min(r.target, len(r.rerun.rows)-1)); err != nil {
		return a.brokenReplay(err)
	}
	a.showReplay()
	return a.look.refreshPick(a)
}

// whileReplaying obeys what means the replay, and ends it for what is about the scene
// behind it. done says that nothing is left to do.
func (a *actor) whileReplaying(c Command) (done bool, err error) {
	r := &a.replay
	on := r.stage != nil
	switch c := c.(type) {
	case Stop:
		a.leaveReplay()
		return true, nil
	case Reset:
		if on && !c.New && c.Seed == nil {
			return true, a.seekReplay(0)
		}
		a.leaveReplay()
	case StepOnce:
		if on {
			a.draft.Paused = true
			return true, a.seekReplay(r.rerun.row + 1)
		}
	case Pause:
		if on && !c.On && r.rerun.over() {
			a.draft.Paused = false
			return true, a.seekReplay(0)
		}
	case DragStart, SaveBookmark:
		if on {
			a.tell(Info, "This is a recorded episode: Esc brings back the scene, where things can be moved and kept.")
			return true, nil
		}
	case Plan, Run, Watch, SelectTask, OpenScene, SetTaskField, LoadBookmark, StartTraining:
		a.leaveReplay()
	}
	return false, nil
}

// showReplay copies where the replay is into the state.
func (a *actor) showReplay() {
	r := a.replay.rerun
	v := *a.draft.Data.Replay
	v.Opening = false
	v.Row, v.Steps, v.Over = r.row, r.episode.Steps(), r.over()
	now := r.rows[r.row]
	v.Reward, v.Return, v.Recorded, v.Success = now.reward, now.sum, now.recorded, now.success
	v.Deviates, v.Difference, v.Unchecked = r.deviates, r.difference, r.episode.StateDim == 0
	v.Frame = a.replay.seen[r.row]
	a.draft.Data.Replay = &v
	a.look.dirty, a.changed = true, true
}
