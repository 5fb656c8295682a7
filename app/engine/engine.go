package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Config says what an engine starts with. The zero value is this program's own
// parts, the first task and the first planner.
type Config struct {
	Parts   Parts
	Task    string // name; "" = the first
	Planner string // name; "" = the first
	Model   string // bundled name or file; "" = the task's bundled model, if any
	Seed    int64  // of the first episode
	Home    string // folder for training runs; "" = the present folder

	Device        string // auto, cpu or cuda; "" = auto
	PlanThreads   int    // of the planner's model; 0 = all cores but the window's
	DecodeThreads int    // of the strip's model; 0 = 1
	TrainThreads  int    // of training beside the live scene; 0 = 1
	MaxFPS        int    // of the live scene, 1 to 240; 0 = 60
}

// Engine runs a task live: it steps and draws the scene, follows it with a world
// model, plans, executes plans and trains, all at the same time.
//
// Run owns eight goroutines. The actor has the scene and every decision: it obeys
// commands, steps the simulation in real time and publishes states; it never
// waits for the others except to have an observation drawn. The plan worker has
// the acting model: it filters observations and runs the planner. The strip
// worker has the decoding model. The trainer has the learner and its own copy of
// the task. The painter has the renderer and draws for all of them. The keeper has the
// files of bookmarks, the librarian data sets; the thumb worker reads pictures of their
// episodes. Work goes from the actor to the others through queues that do
// not block, and comes back as events. Models and tasks are opened by short-lived
// helpers, which also report.
//
// They stop in this order: the context ends; the actor, the workers, the trainer, the
// keeper and the librarian return, the planner within 100 ms; the actor closes the scene as it
// returns; the painter, which served them until then, returns; the renderer is
// closed; Run returns. Nothing outlives Run.
type Engine struct {
	cfg    Config
	parts  Parts
	inbox  *inbox
	screen screen
	board  board
}

// New checks the names in cfg. Run opens and starts everything.
func New(cfg Config) (*Engine, error) {
	parts, err := cfg.Parts.orReal()
	if err != nil {
		return nil, err
	}
	if len(parts.Tasks) == 0 || len(parts.Planners) == 0 {
		return nil, errors.New("an engine needs at least one task and one planner")
	}
	cfg.Task = cmp.Or(cfg.Task, parts.Tasks[0].Name)
	cfg.Planner = cmp.Or(cfg.Planner, parts.Planners[0].Name)
	cfg.PlanThreads = cmp.Or(cfg.PlanThreads, max(1, runtime.NumCPU()-1))
	cfg.DecodeThreads = cmp.Or(cfg.DecodeThreads, 1)
	cfg.TrainThreads = cmp.Or(cfg.TrainThreads, 1)
	cfg.MaxFPS = cmp.Or(cfg.MaxFPS, 60)
	if cfg.MaxFPS < 1 || cfg.MaxFPS > 240 {
		return nil, fmt.Errorf("%d frames per second: want 1 to 240", cfg.MaxFPS)
	}
	if _, err := parts.task(cfg.Task); err != nil {
		return nil, err
	}
	if _, err := parts.kind(cfg.Planner); err != nil {
		return nil, err
	}
	e := &Engine{cfg: cfg, parts: parts, inbox: newInbox()}
	e.board.post(&State{Speed: 1, Status: Status{Level: Busy, Text: "Starting."}})
	return e, nil
}

// Do queues a command. It does not block. A command that opens a task shows in
// State.Opening at once, any other when it has been obeyed.
func (e *Engine) Do(c Command) { e.ask(c) }

// State is the newest state; it is immutable and never nil.
func (e *Engine) State() *State { return e.board.state.Load() }

// Frame copies the newest finished frame of the live scene into dst, resizing
// it if needed. seq grows with every frame; ok is false before the first.
func (e *Engine) Frame(dst *image.RGBA) (seq uint64, ok bool) { return e.screen.copyTo(dst) }

// Frames counts the finished frames of the live scene: Frame has a new one when it has
// grown.
func (e *Engine) Frames() uint64 { return e.screen.frames() }

// Run starts everything and returns when ctx has ended and every goroutine has
// been joined. An error means that it could not start; what fails later becomes
// a Status and the engine goes on.
func (e *Engine) Run(ctx context.Context) error {
	renderer, err := e.parts.NewRenderer()
	if err != nil {
		return fmt.Errorf("opening the renderer: %w", err)
	}
	events := make(chan event, 64)
	paint := newPainter(renderer, e.cfg.MaxFPS, &e.screen, func(err error) {
		select {
		case events <- failed{"Could not draw the scene", err}:
		default: // the actor may be waiting for the painter; it will fail again
		}
	})
	if e.parts.NewSketcher != nil {
		// It only makes things faster: without one all frames are drawn in full.
		if paint.sketcher, err = e.parts.NewSketcher(); err != nil {
			paint.sketcher = nil
		}
	}
	painting, stopPainting := context.WithCancel(context.Background())
	painted := make(chan struct{})
	go func() { defer close(painted); paint.loop(painting) }()

	err = e.work(ctx, paint, events)

	stopPainting()
	<-painted
	return errors.Join(err, paint.close())
}

// work runs everything but the painter.
func (e *Engine) work(ctx context.Context, paint *painter, events chan event) error {
	group, ctx := errgroup.WithContext(ctx)
	deliver := func(ev event) bool {
		select {
		case events <- ev:
			return true
		case <-ctx.Done():
			return false
		}
	}
	report := func(ev event) { deliver(ev) }
	defer discardAll(events)
	planner := &planWorker{device: e.cfg.Device, threads: e.cfg.PlanThreads, orders: newQueue[any](), report: report}
	strips := newStripWorker(e.cfg.DecodeThreads, report)
	trainer := newTrainWorker(&e.parts, paint.pass(ctx), report)
	keeper := newKeeper(deliver)
	librarian, thumbs := newLibrarian(e.cfg.Home, e.parts.Tasks, deliver), newThumbWorker(deliver)
	actor, err := newActor(ctx, e, group, paint, planner.orders, strips, trainer, keeper, librarian, thumbs, events, deliver)
	if err != nil {
		return err
	}
	group.Go(func() error {
		return inBackground(whilePlanning, func() error { planner.loop(ctx); return nil })
	})
	group.Go(func() error { strips.loop(ctx); return nil })
	group.Go(func() error { trainer.loop(ctx); return nil })
	group.Go(func() error { keeper.loop(ctx); return nil })
	group.Go(func() error { librarian.loop(ctx); return nil })
	group.Go(func() error {
		return inBackground(whilePlanning, func() error { thumbs.loop(ctx); return nil })
	})
	group.Go(func() error { return actor.loop(ctx) })
	err = group.Wait()
	keeper.finish()
	return err
}

// discardAll frees what was reported when the actor had left.
func discardAll(events <-chan event) {
	for {
		select {
		case ev := <-events:
			if o, ok := ev.(interface{ discard() }); ok {
				o.discard()
			}
		default:
			return
		}
	}
}
