// Package demo is an engine without simulator, model or planner: it makes up
// plausible states and frames, so that the window can be developed, tested and
// looked at by itself.
package demo

import (
	"fmt"
	"image"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// Engine obeys the commands that change what a window shows. It is safe for
// concurrent use.
type Engine struct {
	mu       sync.Mutex
	commands []engine.Command
	state    engine.State
	view     engine.Viewport
	seq      uint64
	angle    float64
	picture  *image.RGBA // the newest frame
	painted  uint64      // its seq
	marks    int         // bookmarks ever made
	empty    bool        // there are no data sets
}

// New shows the lottery task with a loaded model and no plan.
func New() *Engine {
	e := &Engine{view: engine.Viewport{W: 640, H: 400}, angle: 0.6}
	e.state = start()
	return e
}

// Do obeys at once and keeps the command for Commands.
func (e *Engine) Do(c engine.Command) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.commands = append(e.commands, c)
	e.obey(c)
	e.obeyData(c)
	e.state.Version++
}

// Commands returns what has been asked for since the last call.
func (e *Engine) Commands() []engine.Command {
	e.mu.Lock()
	defer e.mu.Unlock()
	c := e.commands
	e.commands = nil
	return c
}

// State is a copy of the present state.
func (e *Engine) State() *engine.State {
	e.mu.Lock()
	defer e.mu.Unlock()
	s := e.state
	return &s
}

// Edit changes the state and publishes it.
func (e *Engine) Edit(change func(*engine.State)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	change(&e.state)
	e.state.Version++
}

// Frames counts the time steps of the made-up scene.
func (e *Engine) Frames() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seq
}

// Frame paints the made-up scene.
func (e *Engine) Frame(dst *image.RGBA) (uint64, bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.seq == 0 {
		return 0, false
	}
	if e.painted != e.seq {
		x, y := e.ball()
		e.picture = paint.Sized(e.picture, e.view.W, e.view.H)
		paintScene(e.picture, e.angle, x, y)
		e.painted = e.seq
	}
	*dst = *paint.Sized(dst, e.picture.Rect.Dx(), e.picture.Rect.Dy())
	copy(dst.Pix, e.picture.Pix)
	return e.seq, true
}

// Tick lets a time step of the made-up scene pass.
func (e *Engine) Tick() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.seq++
	if e.state.Paused {
		return
	}
	if e.seq%6 == 0 {
		e.advance()
	}
	e.state.Version++
}

// advance makes one control step, with the mutex held.
func (e *Engine) advance() {
	s := &e.state
	s.Step++
	x, y := e.ball()
	s.Observation = picture(x, y, 1)
	if p := s.Plan; p != nil && s.Phase == engine.Executing {
		s.Plan = executed(p, s.Step-p.StartStep)
		if len(s.Plan.Real) == p.Horizon+1 {
			s.Phase, s.Success, s.Outcome = engine.EpisodeOver, true, "sure"
			s.Status = engine.Status{Level: engine.Info, Text: "The sure goal is reached: return 1.0."}
		}
	}
}

// ball is where the point mass is, from −1 to 1.
func (e *Engine) ball() (x, y float64) {
	at := min(float64(e.state.Step)/40, 1)
	return -0.6 + 1.3*at, -0.3*math.Sin(6*at) + 0.9*at - 0.1
}

// obey changes the state as an engine would, with the mutex held.
func (e *Engine) obey(c engine.Command) {
	s := &e.state
	switch c := c.(type) {
	case engine.Viewport:
		e.view = c
	case engine.Orbit:
		e.angle += 3 * c.DX
	case engine.SelectPlanner:
		for _, p := range planners {
			if p.Name == c.Name {
				s.Planner = p
				s.Planner.Fields = fields(p.Name)
			}
		}
	case engine.SetPlannerField:
		s.Planner.Fields = withField(s.Planner.Fields, c.Key, c.Value)
	case engine.ResetPlannerFields:
		s.Planner.Fields = fields(s.Planner.Name)
	case engine.SelectTask, engine.OpenScene:
		s.Task = taskOf(c)
	case engine.Watch:
		s.Phase, s.Watch = engine.Watching, engine.WatchView{Policy: c.Policy}
	case engine.SaveBookmark:
		e.marks++
		s.Bookmarks = append(slices.Clone(s.Bookmarks), engine.Bookmark{Name: fmt.Sprintf("state %d", e.marks),
			Saved: time.Unix(1e9, 0), Seed: s.Seed, Step: s.Step, Picture: s.Observation})
	case engine.RenameBookmark:
		s.Bookmarks = slices.Clone(s.Bookmarks)
		for i := range s.Bookmarks {
			if s.Bookmarks[i].Name == c.From {
				s.Bookmarks[i].Name = c.To
			}
		}
	case engine.DeleteBookmark:
		s.Bookmarks = slices.DeleteFunc(slices.Clone(s.Bookmarks), func(b engine.Bookmark) bool { return b.Name == c.Name })
	case engine.Plan, engine.Run:
		e.plan(c)
	case engine.Stop:
		s.Phase, s.Watch = engine.Idle, engine.WatchView{}
		s.Status = engine.Status{Text: "Stopped."}
	case engine.Reset:
		e.reset(c)
	case engine.Pause:
		s.Paused = c.On
	case engine.StepOnce:
		e.advance()
	case engine.SetSpeed:
		s.Speed = c.Factor
	case engine.SelectIteration:
		if s.Plan != nil {
			s.Plan = showing(s.Plan, c.K)
		}
	case engine.SelectColumn:
		if s.Plan != nil {
			p := *s.Plan
			p.Column = c.T
			s.Plan = &p
		}
	case engine.StartTraining:
		s.Train = training(c)
	case engine.PauseTraining:
		s.Train.Status = engine.TrainRunning
		if c.On {
			s.Train.Status = engine.TrainPaused
		}
	case engine.StopTraining:
		s.Train.Status = engine.TrainDone
	default:
		e.archive(c)
	}
}

func (e *Engine) plan(c engine.Command) {
	s := &e.state
	h := s.Task.Horizon
	for _, f := range s.Planner.Fields {
		if n, ok := f.Value.(*int); ok && f.Key == "horizon" {
			h = *n
		}
	}
	s.Plan = newPlan(s.Planner.Name, h, s.Step)
	s.Phase = engine.PlanReady
	s.Status = engine.Status{Level: engine.Info, Text: "Planner keeps up: 1.7 s for 30 steps. The plan follows the model everywhere."}
	if _, ok := c.(engine.Run); ok {
		s.Phase = engine.Executing
		s.Status = engine.Status{Level: engine.Busy, Text: "Executing the plan."}
	}
}

func (e *Engine) reset(c engine.Reset) {
	s := &e.state
	s.Step, s.Phase, s.Success, s.Outcome = 0, engine.Idle, false, ""
	switch {
	case c.Seed != nil:
		s.Seed = *c.Seed
	case c.New:
		s.Seed++
	}
	if s.Plan != nil {
		p := *s.Plan
		p.Stale = true
		s.Plan = &p
	}
}

// Live ticks sixty times a second until stop is closed.
func (e *Engine) Live(stop <-chan struct{}) {
	tick := time.NewTicker(time.Second / 60)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			e.Tick()
		}
	}
}
