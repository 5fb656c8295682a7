package engine

import (
	"context"
	"slices"
	"time"

	"github.com/latco-studio/latco/planning"
)

// stripEvery is how often the strip of a running optimiser is painted.
const stripEvery = 120 * time.Millisecond

// pursuit is the plan that is being made, shown or executed.
type pursuit struct {
	id     int
	cancel context.CancelFunc // not nil while the planner runs
	feed   *planFeed
	world  World
	view   PlanView // draft of State.Plan

	seen    int // iterations in view
	looked  time.Time
	feature []float64
	plan    *planning.Plan // when it is done
	chosen  int            // iteration K that is to be shown, −1 the newest
	asked   stripKey       // strip that was last asked for
	next    int            // actions executed
	limit   int            // actions to execute before the next plan
	closed  bool           // closed loop: plan again until the episode ends
}

// startPlan makes a plan from the present state; closed goes on from there.
func (a *actor) startPlan(closed bool) error {
	if a.world == nil {
		return ErrNoModel
	}
	if a.stage.over() || a.draft.Phase == EpisodeOver {
		if err := a.reset(a.draft.Seed); err != nil {
			return err
		}
	}
	if err := a.see(); err != nil {
		return err
	}
	if err := a.stage.rebase(); err != nil {
		return err
	}
	s, err := a.setup.clone()
	if err != nil {
		return err
	}
	a.cancelPlan()
	a.dismiss()
	ctx, cancel := context.WithCancel(a.ctx)
	a.pursuit = pursuit{id: a.pursuit.id + 1, cancel: cancel, feed: &planFeed{}, world: a.world,
		chosen: -1, closed: closed, limit: min(s.replan, s.horizon)}
	a.pursuit.view = PlanView{Planner: s.kind.Name, StartStep: a.draft.Step, Horizon: s.horizon, Running: true,
		Total: int(s.number("iterations")), Threshold: s.number("eps_dyn"), Column: -1,
		Real: append(a.pursuit.view.Real[:0:0], a.draft.Observation)}
	a.orders.put(planOrder{id: a.pursuit.id, ctx: ctx, world: a.world, setup: s, feed: a.pursuit.feed})
	a.draft.Phase = Planning
	a.showPlan()
	return nil
}

// cancelPlan ends a running planner; what it reports afterwards is ignored.
func (a *actor) cancelPlan() {
	if a.pursuit.cancel == nil {
		return
	}
	a.pursuit.cancel()
	a.pursuit.cancel = nil
	a.pursuit.view.Running = false
	a.showPlan()
}

// halt ends planning, executing, watching and replaying.
func (a *actor) halt() {
	a.leaveReplay()
	a.cancelPlan()
	a.dismiss()
	a.pursuit.closed = false
	switch a.draft.Phase {
	case Planning, Executing, Watching:
		a.draft.Phase = Idle
		a.changed = true
	}
}

// outdate says that the scene has moved on by other means than the plan.
func (a *actor) outdate() {
	if a.draft.Plan == nil || a.pursuit.view.Stale {
		return
	}
	a.pursuit.view.Stale = true
	if a.draft.Phase == PlanReady {
		a.draft.Phase = Idle
	}
	a.showPlan()
}

// showPlan copies the draft of the plan into the state.
func (a *actor) showPlan() {
	v := a.pursuit.view
	a.draft.Plan = &v
	a.changed = true
}

// ready says that there is a plan with actions left that still fits the scene.
func (a *actor) ready() bool {
	p := &a.pursuit
	return p.plan != nil && !p.view.Stale && p.next < p.limit && (a.draft.Phase == PlanReady || a.draft.Phase == Executing)
}

// run executes the plan that is ready, or plans first, to the episode's end.
func (a *actor) run() error {
	if !a.ready() {
		return a.startPlan(true)
	}
	a.pursuit.closed = true
	a.begin()
	return nil
}

// begin starts executing: the first action is due at once.
func (a *actor) begin() {
	a.draft.Phase = Executing
	a.clock.owed = a.stage.dt
	a.changed = true
}

// execute takes the actions that are due, if the model can follow.
func (a *actor) execute() error {
	for a.clock.owed >= a.stage.dt && a.draft.Phase == Executing {
		if a.orders.backlog() > 1 {
			a.clock.owed = a.stage.dt // late, not lost
			return nil
		}
		a.clock.owed -= a.stage.dt
		if err := a.advance(); err != nil {
			return err
		}
	}
	return nil
}

// advance executes the plan's next action and decides what comes after it.
func (a *actor) advance() error {
	p := &a.pursuit
	action := p.plan.Actions[p.next]
	p.next++
	if err := a.step(action); err != nil {
		return err
	}
	p.view.Real = append(p.view.Real, a.draft.Observation)
	p.view.RealReward = append(p.view.RealReward, a.draft.Reward)
	p.view.Obtained += a.draft.Reward
	a.showPlan()
	if a.draft.Phase != Executing || p.next < p.limit {
		return nil
	}
	if p.closed {
		return a.startPlan(true)
	}
	a.draft.Phase = Idle
	return nil
}

// followPlan shows the iterations of a running planner.
func (a *actor) followPlan(now time.Time) {
	p := &a.pursuit
	if p.cancel == nil || now.Sub(p.looked) < stripEvery {
		return
	}
	if n := p.feed.seen(); n == p.seen {
		return
	}
	p.looked = now
	a.gather()
}

// gather takes over what the planner has recorded.
func (a *actor) gather() {
	p := &a.pursuit
	p.seen = p.feed.seen()
	p.view.Iterations, p.feature = p.feed.view()
	a.askStrip()
	a.showPlan()
}

// askStrip has the chosen iteration painted.
func (a *actor) askStrip() {
	p := &a.pursuit
	its := p.view.Iterations
	if len(its) == 0 {
		return
	}
	i := len(its) - 1
	if p.chosen >= 0 {
		i = nearest(its, p.chosen)
	}
	key := stripKey{k: its[i].K, final: p.plan != nil && i == len(its)-1}
	if key == p.asked && len(p.view.Strip) > 0 {
		return
	}
	p.asked = key
	r := &stripRequest{plan: p.id, key: key, world: p.world, device: a.draft.PlanDevice.Kind, feature: p.feature,
		latents: its[i].Latents, actions: its[i].Actions}
	if key.final {
		r.actions = p.plan.Actions
	}
	a.strips.ask(r)
}

// nearest is the index of the recorded iteration closest to K.
func nearest(its []planning.Iteration, k int) int {
	i, found := slices.BinarySearchFunc(its, k, func(it planning.Iteration, k int) int { return it.K - k })
	if found || i == 0 {
		return min(i, len(its)-1)
	}
	if i == len(its) || k-its[i-1].K <= its[i].K-k {
		return i - 1
	}
	return i
}

// planned takes over a finished plan.
func (a *actor) planned(done planDone) {
	p := &a.pursuit
	if done.id != p.id || p.cancel == nil {
		return // cancelled or replaced
	}
	p.cancel()
	p.cancel = nil
	p.view.Running = false
	p.view.Elapsed = done.elapsed
	if done.err != nil {
		a.gather()
		a.halt()
		a.draft.Phase = Idle
		a.blame(done.err)
		a.try("", done.err)
		return
	}
	p.plan = done.plan
	p.limit = min(p.limit, len(done.plan.Actions))
	p.view.Predicted = done.plan.Return
	a.gather()
	a.draft.Phase = PlanReady
	if p.closed {
		a.begin()
	}
}

// painted takes over a strip, unless it is of another plan.
func (a *actor) painted(d stripDone) {
	p := &a.pursuit
	if d.plan != p.id {
		return
	}
	p.view.Shown = nearest(p.view.Iterations, d.key.k)
	p.view.Strip = d.strips.plan
	if d.strips.model != nil {
		p.view.ModelStrip = d.strips.model
	}
	a.showPlan()
}
