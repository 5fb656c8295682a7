package engine

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math/rand"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// diary notes what happens in which order.
type diary struct {
	mu    sync.Mutex
	lines []string
}

func (d *diary) note(line string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.lines = append(d.lines, line)
}

func (d *diary) read() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.lines)
}

// rail is a task of one bead on a rail: an action moves it by at most 0.05, its
// reward is where it is, and beyond 1 it has reached the goal. An episode takes
// railSteps steps.
const (
	railSteps = 24
	railDT    = 0.05
)

type rail struct {
	diary *diary
	gain  float64 // setting
	x     float64
	hand  float64 // the goal, moved by the mouse
	t     int
	time  float64
	sick  *atomic.Bool // the simulation fails
	busy  atomic.Bool
}

func railTask(d *diary, name string, sick *atomic.Bool) sim.Task {
	camera := render.Camera{Distance: 3, Elevation: -90}
	t := sim.Task{Name: name, Title: "Rail " + name, Group: "lottery", ActionDim: 1, ObsDim: 1, Horizon: 10, Replan: 8,
		EpisodeSteps: railSteps, ActionRepeat: 1, Camera: camera, FreeCamera: camera}
	t.New = func(settings map[string]string) (sim.Instance, error) {
		r := &rail{diary: d, gain: 1, sick: sick}
		for k, v := range settings {
			if err := setting.Set(r.Fields(), k, v); err != nil {
				return nil, err
			}
		}
		return r, nil
	}
	return t
}

func (r *rail) Fields() []setting.Field {
	return []setting.Field{{Key: "gain", Title: "Gain", Min: 0, Max: 10, Value: &r.gain}}
}

func (r *rail) Reset(seed int64) (sim.Timestep, error) {
	r.x, r.t, r.time = float64(seed%7)/100, 0, 0
	return r.timestep([]float64{0}), nil
}

func (r *rail) timestep(a []float64) sim.Timestep {
	return sim.Timestep{T: r.t, Obs: []float64{r.x}, Action: a, Truncated: r.t >= railSteps}
}

func (r *rail) Step(action []float64) (sim.Timestep, error) {
	if !r.busy.CompareAndSwap(false, true) {
		panic("rail: two steps at a time")
	}
	defer r.busy.Store(false)
	if r.sick != nil && r.sick.Load() {
		return sim.Timestep{}, errors.New("the bead fell off")
	}
	a := slices.Clone(action)
	if err := sim.ClipAction(a, action); err != nil {
		return sim.Timestep{}, err
	}
	r.x += railDT * r.gain * a[0]
	r.t++
	r.time += railDT
	ts := r.timestep(a)
	ts.Reward = r.x
	if r.x > 1 {
		ts.Success, ts.Outcome = true, "success"
	}
	return ts, nil
}

func (r *rail) State() sim.State {
	return sim.State{QPos: []float64{r.x}, Time: r.time, T: r.t}
}

func (r *rail) SetState(s sim.State) error {
	r.x, r.t, r.time = s.QPos[0], s.T, s.Time
	return nil
}

var railObject = render.Object{Kind: render.Site, Body: 3, ID: 1}

func (r *rail) Scene(dst *render.Scene) {
	dst.Geoms = append(dst.Geoms[:0],
		render.Geom{Shape: render.Sphere, Size: [3]float32{0.3, 0.3, 0.3}, Pos: [3]float32{float32(r.hand)},
			Object: railObject, Mat: [9]float32{0: 1, 4: 1, 8: 1}, RGBA: [4]float32{float32(r.x), 0, 0, 1}})
}

func (r *rail) Handles() []sim.Handle {
	return []sim.Handle{{Name: "goal", Object: railObject, Move: func(p [3]float64) error { r.hand = p[0]; return nil }}}
}

func (r *rail) Close() error {
	r.diary.note("scene closed")
	return nil
}

// easel is a renderer that paints the whole image in one colour, which tells
// the position of the first geom.
type easel struct {
	diary  *diary
	busy   atomic.Bool
	closed atomic.Bool
}

func (e *easel) Draw(dst *image.RGBA, s *render.Scene, _ render.Camera) error {
	if e.closed.Load() {
		panic("drawing with a closed renderer")
	}
	if !e.busy.CompareAndSwap(false, true) {
		panic("two drawings at a time")
	}
	defer e.busy.Store(false)
	c := uint8(255 * min(1, max(0, s.Geoms[0].RGBA[0])))
	for i := 0; i < len(dst.Pix); i += 4 {
		dst.Pix[i], dst.Pix[i+1], dst.Pix[i+2], dst.Pix[i+3] = c, c, c, 255
	}
	return nil
}

func (e *easel) Close() error {
	e.closed.Store(true)
	e.diary.note("renderer closed")
	return nil
}

// thought is a world model whose feature is [brightness of the image, number of
// observations filtered].
type thought struct {
	diary *diary
	name  string
	task  string
	set   map[string]string // how its task was set
	plans map[string]string // how its episodes were planned
}

func (w *thought) Info() ModelInfo { return ModelInfo{Name: w.name, Source: "bundled"} }

func (w *thought) Settings() map[string]string { return w.set }

func (w *thought) PlannerSettings() map[string]string { return w.plans }

func (w *thought) For(task sim.Task) (World, error) {
	if w.task != "" && w.task != task.Name {
		return nil, fmt.Errorf("was trained on task %s, not on %s", w.task, task.Name)
	}
	return w, nil
}

func (w *thought) Open(string, int) (Mind, error) {
	w.diary.note("mind opened")
	return &mindful{diary: w.diary}, nil
}

type mindful struct {
	diary  *diary
	busy   atomic.Bool
	closed bool
}

type recollection []float64

func (r recollection) Feature() []float64 { return r }

func (m *mindful) enter() func() {
	if m.closed {
		panic("a closed mind was used")
	}
	if !m.busy.CompareAndSwap(false, true) {
		panic("a mind was used by two goroutines")
	}
	return func() { m.busy.Store(false) }
}

func (m *mindful) Model() planning.Model { return m }
func (m *mindful) Device() string        { return "fake" }
func (m *mindful) Initial() Belief       { return recollection{0, 0} }
func (m *mindful) FeatureDim() int       { return 2 }
func (m *mindful) ActionDim() int        { return 1 }

func (m *mindful) Observe(b Belief, _ []float64, pixels []uint8, _ *rand.Rand) (Belief, error) {
	defer m.enter()()
	return recollection{float64(pixels[0]) / 255, b.Feature()[1] + 1}, nil
}

func (m *mindful) Decode(n int, features []float64, pixels []uint8) error {
	defer m.enter()()
	for i := range n {
		for j := range frameBytes {
			pixels[i*frameBytes+j] = uint8(255 * min(1, max(0, features[2*i])))
		}
	}
	return nil
}

func (m *mindful) Imagine(feature, actions, latents, rewards []float64, _ *rand.Rand) error {
	defer m.enter()()
	copy(latents, feature)
	for t := range rewards {
		latents[2*t+2] = latents[2*t] + railDT*actions[t]
		latents[2*t+3] = latents[2*t+1] + 1
		rewards[t] = latents[2*t+2]
	}
	return nil
}

func (m *mindful) Close() error {
	m.closed = true
	m.diary.note("mind closed")
	return nil
}

// library is a catalogue of thoughts.
type library struct {
	diary   *diary
	bundled map[string]string
	worlds  map[string]World
}

func (l *library) Bundled(task string) string { return l.bundled[task] }

func (l *library) Open(name string) (World, error) {
	if w := l.worlds[name]; w != nil {
		return w, nil
	}
	return nil, fmt.Errorf("%s: neither a checkpoint nor a model file", name)
}

// dial is a planner that goes full speed ahead after some iterations of an
// optimisation that does nothing but take its time.
type dial struct {
	Iterations int
	Epsilon    float64
	pause      time.Duration
	running    *atomic.Int64
	fail       *atomic.Bool
}

func (d *dial) Fields() []setting.Field {
	return []setting.Field{
		{Key: "iterations", Min: 1, Max: 100000, Value: &d.Iterations},
		{Key: "eps_dyn", Min: 1e-9, Max: 1, Value: &d.Epsilon},
	}
}

func (d *dial) Plan(ctx context.Context, p *planning.Problem) (*planning.Plan, error) {
	d.running.Add(1)
	defer d.running.Add(-1)
	h := p.Horizon
	flat, latents, rewards := make([]float64, h), make([]float64, 2*(h+1)), make([]float64, h)
	for t := range flat {
		flat[t] = 1
	}
	if err := p.Model.Imagine(p.Feature, flat, latents, rewards, nil); err != nil {
		return nil, err
	}
	plan := &planning.Plan{Reward: rewards, Iterations: d.Iterations}
	for t := range h + 1 {
		plan.Latents = append(plan.Latents, latents[2*t:2*t+2])
		if t < h {
			plan.Actions = append(plan.Actions, flat[t:t+1])
			plan.Return += rewards[t]
		}
	}
	for k := range d.Iterations {
		violation := make([]float64, h)
		violation[h-1] = 100 * d.Epsilon / float64(k+1)
		if p.Record == nil {
			continue
		}
		p.Record(planning.Iteration{K: k, Return: float64(k), Reward: rewards, DynViolation: violation,
			ActViolation: make([]float64, h), Latents: plan.Latents, Actions: plan.Actions})
		select {
		case <-ctx.Done():
			return plan, ctx.Err()
		case <-time.After(d.pause):
		}
	}
	if d.fail.Load() {
		return nil, errors.New("the optimiser diverged in iteration 3")
	}
	return plan, nil
}

// props are the fakes of one test.
type props struct {
	diary   diary
	running atomic.Int64 // planners at work
	fail    atomic.Bool  // planners diverge
	sick    atomic.Bool  // the simulation fails
	library *library
	easel   *easel
}

func (p *props) kind(name string, iterations int, pause time.Duration) planning.Kind {
	return planning.Kind{Name: name, Title: "Dial " + name, New: func() planning.Configurable {
		return &dial{Iterations: iterations, Epsilon: 1e-4, pause: pause, running: &p.running, fail: &p.fail}
	}}
}

func (p *props) parts() Parts {
	p.library = &library{diary: &p.diary, bundled: map[string]string{"one": "one-class", "two": "two-class"},
		worlds: map[string]World{
			"one-class": &thought{diary: &p.diary, name: "one-class", task: "one"},
			"two-class": &thought{diary: &p.diary, name: "two-class", task: "two"},
			"other":     &thought{diary: &p.diary, name: "other", task: "one"},
		}}
	return Parts{
		Tasks:    []sim.Task{railTask(&p.diary, "one", &p.sick), railTask(&p.diary, "two", nil), railTask(&p.diary, "bare", nil)},
		Planners: []planning.Kind{p.kind("quick", 20, 10*time.Millisecond), p.kind("slow", 1000, 10*time.Millisecond)},
		NewRenderer: func() (render.Renderer, error) {
			p.easel = &easel{diary: &p.diary}
			return p.easel, nil
		},
		Models: p.library,
	}
}

// live is an engine that runs until the test stops it.
type live struct {
	*Engine
	t     *testing.T
	props *props
	stop  func()
}

// begin starts an engine of fakes and waits for its scene and model.
func beginLive(t *testing.T, props *props, change func(*Config)) *live {
	t.Helper()
	cfg := Config{Parts: props.parts()}
	for i := range cfg.Parts.Tasks {
		cfg.Parts.Tasks[i].Scripted = newRunner
	}
	if change != nil {
		change(&cfg)
	}
	e, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{e, t, props, nil}
	stopped := false
	l.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	}
	t.Cleanup(l.stop)
	l.until("a model and a frame", func(s *State) bool {
		_, ok := e.Frame(new(image.RGBA))
		return ok && s.Observation != nil && s.Model.Name != ""
	})
	return l
}

// asked counts the commands so far.
func (l *live) asked() uint64 {
	l.inbox.mu.Lock()
	defer l.inbox.mu.Unlock()
	return l.inbox.asked
}

// until waits for a state with a property, in which all commands so far are obeyed: an
// older one may have had the property, too.
func (l *live) until(what string, ok func(*State) bool) *State {
	l.t.Helper()
	deadline := time.Now().Add(5 * time.Minute) // of a machine that has much else to do
	asked := l.asked()
	for {
		s := l.State()
		if s.Obeyed >= asked && ok(s) {
			return s
		}
		if time.Now().After(deadline) {
			l.t.Fatalf("no %s within five minutes; state %+v, status %q", what, s, s.Status.Text)
		}
		time.Sleep(2 * time.Millisecond)
	}
}

// runner is a policy that goes straight for the goal.
type runner struct{}

func (runner) Reset(int64)                          {}
func (runner) Act(_ sim.Timestep, action []float64) { action[0] = 1 }

func newRunner() sim.Policy { return runner{} }

// pacer is a policy that moves the bead to and fro.
type pacer struct{}

func (pacer) Reset(int64) {}
func (pacer) Act(ts sim.Timestep, action []float64) {
	action[0] = float64(ts.T%3 - 1)
}

func newPacer() sim.Policy { return pacer{} }
