package engine

import (
	"cmp"
	"slices"
	"time"

	"github.com/latco-studio/latco/sim"
)

// reset begins the episode of a seed and forgets the plan's claim on the scene.
func (a *actor) reset(seed int64) error {
	a.halt()
	a.draft.Seed = seed
	a.draft.Phase = Idle
	a.draft.Step, a.draft.Reward, a.draft.Return, a.draft.Shaped = 0, 0, 0, 0
	a.draft.Success, a.draft.Outcome = false, ""
	a.clock.owed = 0
	a.moved()
	if err := a.stage.reset(seed); err != nil {
		return err
	}
	paced := sim.Paced(a.stage.task, a.stage.inst) // a setting may have changed it
	a.draft.Task.ActionRepeat, a.draft.Task.EpisodeSteps = max(1, paced.ActionRepeat), paced.EpisodeSteps
	return a.look.refreshPick(a)
}

// moved says that the scene is no longer where the plan starts, and that what
// follows is seen anew: the belief begins again with the present image.
func (a *actor) moved() {
	a.outdate()
	a.look.dirty, a.look.glide.on = true, false
	a.changed = true
	a.stage.unseen = true
	a.orders.put(beginOrder{a.draft.Seed})
}

// reward is the reward that counts: what the model has learned, else the task's.
func (a *actor) reward(ts sim.Timestep) float64 {
	if a.world != nil {
		return rewardOf(ts, learnedReward(a.world, a.stage.task))
	}
	return rewardOf(ts, taskReward(a.stage.task))
}

// credit adds what a step brought.
func (a *actor) credit(ts sim.Timestep) {
	r := a.reward(ts)
	a.draft.Reward, a.draft.Shaped = r, ts.Reward
	a.draft.Return += r
	a.draft.Success = a.draft.Success || ts.Success
	a.draft.Outcome = cmp.Or(ts.Outcome, a.draft.Outcome)
}

// observe draws what the model sees and lets it follow.
func (a *actor) observe(action []float64) error {
	if err := a.stage.eye.look(a.stage.inst, a.stage.pixels); err != nil {
		return err
	}
	a.stage.unseen = false
	a.draft.Observation = a.stage.eye.snapshot()
	a.orders.put(watchOrder{observation{slices.Clone(action), slices.Clone(a.stage.pixels)}})
	a.look.dirty, a.changed = true, true
	return nil
}

// see observes a scene that was reset or moved by hand, if that is still to do.
func (a *actor) see() error {
	if !a.stage.unseen {
		return nil
	}
	return a.observe(make([]float64, a.stage.task.ActionDim))
}

// idle lets time pass in a scene that nobody steers. A scene at rest is neither
// drawn nor filtered again.
func (a *actor) idle() error {
	n := int(a.clock.owed / a.stage.dt)
	if n == 0 {
		return a.see()
	}
	a.clock.owed -= float64(n) * a.stage.dt
	gliding := a.look.glide.on
	a.look.glide.start(a.stage.inst)
	ts, moved, err := a.stage.idle(n)
	if err != nil {
		return err
	}
	if ts.Outcome != "" && ts.Outcome != a.draft.Outcome {
		a.credit(ts) // something has been reached by hand
		moved = true
	}
	if !moved {
		a.look.glide.on = false
		a.look.dirty = a.look.dirty || gliding
		return a.see()
	}
	a.outdate()
	if a.orders.backlog() > 1 {
		// The model cannot follow that fast; it sees a later one.
		a.look.dirty, a.stage.unseen = true, true
		return nil
	}
	a.stage.unseen = false
	return a.observe(ts.Action)
}

// step makes one control step that counts, observes it and notes what it brought.
func (a *actor) step(action []float64) error {
	if err := a.see(); err != nil {
		return err
	}
	a.look.glide.start(a.stage.inst)
	if err := a.stage.step(action); err != nil {
		return err
	}
	ts := a.stage.now
	a.draft.Step = ts.T
	a.credit(ts)
	if err := a.observe(ts.Action); err != nil {
		return err
	}
	if a.stage.over() {
		a.cancelPlan()
		a.pursuit.closed = false
		a.draft.Phase = EpisodeOver
	}
	return a.look.refreshPick(a)
}

// show hands the scene to the painter if it looks different or has not been
// drawn for a while.
func (a *actor) show(now time.Time) {
	l := &a.look
	if !l.due(now, a.draft.Moving) {
		return
	}
	if a.draft.Moving != l.dirty {
		a.draft.Moving, a.changed = l.dirty, true
	}
	l.view.moving = l.dirty
	l.dirty, l.shown = false, now
	inst := a.onScreen().inst
	inst.Scene(&l.view.scene)
	track := trackOf(inst)
	l.dirty = l.glide.apply(&l.view.scene, &track, a.progress())
	if a.draft.Data.Replay == nil {
		l.addGhost(inst, a.marks, &l.view.scene)
	}
	l.view.camera = shifted(*l.camera(), track)
	w, h := l.view.w, l.view.h
	l.view.asked = now
	l.view = a.paint.show(l.view)
	l.view.w, l.view.h = w, h
}
