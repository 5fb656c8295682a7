package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim/mujoco"
	"golang.org/x/sync/errgroup"
)

// actor is the goroutine that has the scene and decides what happens. All its
// fields belong to that goroutine.
type actor struct {
	ctx     context.Context
	cfg     *Config
	parts   *Parts
	engine  *Engine
	group   *errgroup.Group // for short-lived helpers such as loading a model
	report  reporter        // for those helpers
	events  <-chan event
	paint   *painter
	orders  *queue[any] // to the plan worker
	strips  *stripWorker
	trainer *trainWorker
	keeper  *keeper

	librarian *librarian
	thumbs    *thumbWorker

	stage     stage // task instance and how it is seen
	opening   opening
	look      look // camera, viewport, mouse
	clock     clock
	pursuit   pursuit
	audience  audience
	archive   archive
	replay    replay
	study     study
	shelf     runShelf
	marks     []bookmark        // of the present task
	setups    map[string]*setup // of the present task, by planner; kept while it is
	setup     *setup            // the selected planner
	schedule  schedule          // of planners that were not set otherwise
	world     World             // what the next plan is made with; nil = none
	following bool              // world is the one in training, whatever its newest parameters
	token     int               // of the newest loading
	loading   bool              // it is under way
	eager     Command           // Plan or Run that came before the model; nil = none

	notice  Status // an error or message that outlasts the sentence of the phase
	noticed time.Time
	draft   State // published after every change
	changed bool
	batch   []Command
}

// clock paces the scene.
type clock struct {
	last  time.Time
	owed  float64   // simulated seconds that are due
	rated time.Time // when the frame rate was last shown
}

const (
	tickRate  = 60   // of the actor, per second
	maxOwed   = 0.25 // s; a scene that cannot keep up runs slower instead
	rateEvery = 500 * time.Millisecond
	noticeFor = 8 * time.Second        // a message that is no error
	settles   = 250 * time.Millisecond // after so long without a change a scene is at rest and drawn in full,
	keepAlive = time.Second            // and then again this often
)

func newActor(ctx context.Context, e *Engine, group *errgroup.Group, paint *painter, orders *queue[any],
	strips *stripWorker, trainer *trainWorker, keeper *keeper, librarian *librarian, thumbs *thumbWorker, events <-chan event, report reporter) (*actor, error) {
	a := &actor{ctx: ctx, cfg: &e.cfg, parts: &e.parts, engine: e, group: group, report: report, events: events,
		paint: paint, orders: orders, strips: strips, trainer: trainer, keeper: keeper, librarian: librarian, thumbs: thumbs}
	a.look.init()
	a.draft = State{Speed: 1, Seed: e.cfg.Seed, PlanDevice: PlanDevice{Kind: cmp.Or(e.cfg.Device, DeviceAuto)}, Train: TrainView{Curves: map[string][]Point{}}}
	for _, k := range e.parts.Planners {
		a.draft.Planners = append(a.draft.Planners, PlannerInfo{Name: k.Name, Title: k.Title, Help: k.Help})
	}
	task, err := e.parts.task(e.cfg.Task)
	if err != nil {
		return nil, err
	}
	a.draft.Planner.Name = e.cfg.Planner
	stage, err := newStage(ctx, paint, task)
	if err != nil {
		return nil, err
	}
	stage.model = e.parts.modelFor(e.cfg.Home, task.Name)
	return a, a.enter(stage)
}

// loop obeys, steps and publishes until ctx ends.
func (a *actor) loop(ctx context.Context) error {
	defer a.stage.close()
	defer a.leaveReplay()
	ticker := time.NewTicker(time.Second / tickRate)
	defer ticker.Stop()
	if err := a.reset(a.draft.Seed); err != nil {
		return err
	}
	a.load(a.cfg.Model)
	a.clock.last = time.Now()
	a.publish()
	for {
		select {
		case <-ctx.Done():
			a.cancelPlan()
			return nil
		case <-a.engine.inbox.wake:
			a.batch, a.draft.Obeyed = a.engine.inbox.drain(a.batch)
			for _, c := range a.batch {
				a.engine.obeying(c)
				a.try("", a.obey(c))
			}
		case ev := <-a.events:
			a.handle(ev)
		case now := <-ticker.C:
			a.tick(now)
		}
		if a.changed {
			a.publish()
		}
	}
}

// tick advances the scene by the time that has passed and shows it.
func (a *actor) tick(now time.Time) {
	passed := now.Sub(a.clock.last).Seconds()
	a.clock.last = now
	a.clock.owed = min(a.clock.owed+passed*a.draft.Speed, max(maxOwed, a.onScreen().dt))
	switch {
	case a.draft.Phase == Replaying:
		a.try("", a.replaying())
	case a.draft.Paused:
		a.clock.owed = 0
		a.try("", a.see()) // what is put on a paused stage is seen, too
	case a.draft.Phase == Idle:
		a.try("The simulation stopped", a.idle())
	case a.draft.Phase == Executing:
		a.try("The simulation stopped", a.execute())
	case a.draft.Phase == Watching:
		a.try("The simulation stopped", a.watching())
	case a.draft.Phase == EpisodeOver && a.audience.policy != nil:
		a.try("The simulation stopped", a.encore())
	default:
		a.clock.owed = 0
	}
	a.followPlan(now)
	if a.notice.Text != "" && a.notice.Level < Warning && now.Sub(a.noticed) > noticeFor {
		a.notice, a.changed = Status{}, true
	}
	if now.Sub(a.clock.rated) > rateEvery {
		a.clock.rated = now
		a.draft.SimFPS, a.changed = a.paint.fps(), true
	}
	a.show(now)
}

// try turns an error into the status line. A simulation that failed waits for a
// reset.
func (a *actor) try(what string, err error) {
	if err == nil || errors.Is(err, context.Canceled) {
		return
	}
	text := plain(err)
	if what != "" {
		text = what + ": " + text
	}
	a.tell(Failure, oneLine(text))
	a.notice.Details = err.Error()
	var bad *stageError
	if errors.As(err, &bad) {
		a.halt()
		a.draft.Phase = EpisodeOver
	}
}

// oneLine joins the lines of a message.
func oneLine(s string) string {
	lines := strings.FieldsFunc(s, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.Join(lines, "; ")
}

// tell puts a sentence into the status line.
func (a *actor) tell(level Level, text string) {
	a.notice = Status{Level: level, Text: text}
	a.noticed = time.Now()
	a.changed = true
}

// publish makes the draft the engine's state.
func (a *actor) publish() {
	a.changed = false
	s := a.draft
	s.Status = a.notice
	if s.Status.Text == "" {
		s.Status = sentence(&s, a.stage.dt)
	}
	a.engine.board.post(&s)
}

// choose makes a planner the selected one.
func (a *actor) choose(name string) error {
	kind, err := a.parts.kind(name)
	if err != nil {
		return err
	}
	if a.setups[name] == nil {
		a.setups[name] = newSetup(kind, a.schedule)
	}
	a.setup = a.setups[name]
	a.describePlanner()
	return nil
}

func (a *actor) describePlanner() {
	k := a.setup.kind
	a.draft.Planner = PlannerInfo{Name: k.Name, Title: k.Title, Help: k.Help, Fields: copyFields(a.setup.Fields())}
	a.changed = true
}

// plain is the innermost reason in words a student understands, or the error.
func plain(err error) string {
	var (
		unknown *UnknownNameError
		bounds  *setting.RangeError
		key     *setting.UnknownError
		scene   *mujoco.LoadError
		misfit  *misfitError
	)
	switch {
	case errors.As(err, &misfit):
		return fmt.Sprintf("The bookmark “%s” does not fit this scene: %s", misfit.name, plain(misfit.err))
	case errors.As(err, &scene):
		return scene.Reason
	case errors.As(err, &unknown):
		return unknown.Error()
	case errors.As(err, &bounds):
		return fmt.Sprintf("%s cannot be %s: it takes %s.", bounds.Key, bounds.Value, bounds.Want)
	case errors.As(err, &key):
		return key.Error()
	case errors.Is(err, ErrNoModel):
		return "There is no world model for this task yet: load one or train one."
	}
	return err.Error()
}
