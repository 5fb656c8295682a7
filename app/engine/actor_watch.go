package engine

import "github.com/latco-studio/latco/sim"

// audience is who watches a policy that needs no model: the policy and where its
// episodes are.
type audience struct {
	policy sim.Policy // nil if none is watched
	action []float64  // A
	rest   float64    // s of scene time until the next episode begins
}

// restBetween is how long the end of an episode is shown, in s of scene time.
const restBetween = 1.0

// startWatch lets a policy act from the present state on, or, in a scene that was
// left to itself, from the start.
func (a *actor) startWatch(name string) error {
	name, err := knownPolicy(a.draft.Task, name)
	if err != nil {
		return err
	}
	if a.draft.Phase == Watching && a.draft.Watch.Policy == name {
		return nil
	}
	policy, err := newPolicy(name, a.stage.task)
	if err != nil {
		return err
	}
	a.halt()
	if a.stage.over() || a.draft.Phase == EpisodeOver || a.stage.drift && !a.stage.moved {
		if err := a.reset(a.draft.Seed); err != nil {
			return err
		}
	}
	if err := a.stage.rebase(); err != nil {
		return err
	}
	policy.Reset(a.draft.Seed)
	a.audience = audience{policy: policy, action: make([]float64, a.stage.task.ActionDim)}
	a.draft.Watch = WatchView{Policy: name}
	a.draft.Phase = Watching
	a.draft.Paused = false
	a.outdate()
	a.clock.owed = a.stage.dt // the first action is due at once
	a.changed = true
	return nil
}

// dismiss ends watching.
func (a *actor) dismiss() {
	a.audience = audience{}
	a.draft.Watch = WatchView{}
}

// watching takes the actions that are due, if the model can follow.
func (a *actor) watching() error {
	for a.clock.owed >= a.stage.dt && a.draft.Phase == Watching {
		if a.orders.backlog() > 1 {
			a.clock.owed = a.stage.dt // late, not lost
			return nil
		}
		a.clock.owed -= a.stage.dt
		if err := a.watchOnce(); err != nil {
			return err
		}
	}
	return nil
}

// watchOnce makes one step of the policy.
func (a *actor) watchOnce() error {
	w := &a.audience
	w.policy.Act(a.stage.now, w.action)
	if err := a.step(w.action); err != nil {
		return err
	}
	if a.draft.Phase == EpisodeOver {
		w.rest = restBetween
		v := &a.draft.Watch
		v.Episodes++
		v.Return += (a.draft.Return - v.Return) / float64(v.Episodes)
		if a.draft.Success {
			v.Solved++
		}
	}
	return nil
}

// encore begins the next episode when the end of the last has been seen.
func (a *actor) encore() error {
	a.audience.rest -= a.clock.owed
	a.clock.owed = 0
	if a.audience.rest > 0 {
		return nil
	}
	return a.again(a.draft.Seed + 1)
}

// again begins the episode of a seed; who watched a policy goes on watching.
func (a *actor) again(seed int64) error {
	watched := a.draft.Watch
	if err := a.reset(seed); err != nil || watched.Policy == "" {
		return err
	}
	paused := a.draft.Paused
	if err := a.startWatch(watched.Policy); err != nil {
		return err
	}
	a.draft.Watch, a.draft.Paused = watched, paused
	return nil
}
