package task

import (
	"errors"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// rules is what makes a task of a MuJoCo model. Functions other than judge may be
// nil, which means what their comment says in brackets.
type rules struct {
	substeps int      // physics steps for one execution of an action
	memory   int      // numbers the task remembers beside the simulator's state
	settle   settling // what is up to date after the physics

	// fields are the task's settings [none]. They are asked for anew at every use
	// and checked before reset.
	fields func() []setting.Field
	// reset places the scene at the beginning of an episode, starting from the
	// model's initial state and a zeroed memory [stays there].
	reset func(w *world, rng *rand.Rand)
	// begin computes the memory that follows from positions; it runs after the
	// forward pass of Reset and Start [none does].
	begin func(w *world)
	// prepare runs before the physics of every execution of an action [nothing].
	prepare func(w *world)
	// act hands a clipped action to the simulator [scales it to the control ranges].
	act func(w *world, action []float64)
	// derive computes what the physics leaves out and judge or observe read, such as
	// contact forces [nothing].
	derive func(w *world) error
	// judge fills in reward, success and outcome after each execution of an
	// action, adding to what earlier repetitions left. If it terminates the
	// episode, what is left of the repetitions is not executed.
	judge func(w *world, t *sim.Timestep)
	// observe writes the state observation [positions, then velocities].
	observe func(w *world, obs []float64)
	// paint colours the scene by the task's memory [the model's colours].
	paint func(w *world)
	// displaced runs after a hand has put something elsewhere: what the task remembers
	// of where things were, to tell how fast they move, is to be forgotten [nothing is].
	displaced func(w *world)
	// handles are what can be dragged [nothing].
	handles func(w *world) []sim.Handle
	// track is how far the cameras follow, m [stays at zero].
	track func(w *world) [3]float64
}

// world is what rules work on.
type world struct {
	*mujoco.Data
	model  *mujoco.Model
	scene  *mujoco.Scene
	memory []float64
}

// instance is the MuJoCo-backed sim.Instance that all tasks share.
type instance struct {
	facts sim.Task
	rules rules
	world world
	rng   *rand.Rand
	t     int

	handles []sim.Handle
	// broken is why the simulation cannot go on until Reset or SetState.
	broken error
	// moved says that a hand moved something since the physics was last settled.
	moved bool
	// behind says that poses are one physics step behind: see settleWhenSeen.
	behind bool
	// now is what Step fills in; a variable of its own would be garbage at every step.
	now sim.Timestep
	// eye is nil unless the task was opened by openApart.
	eye *eye
	// ghost is another simulation for AddGhost, made when first needed.
	ghost *mujoco.Data
}

var (
	_ sim.Instance  = (*instance)(nil)
	_ sim.Perturber = (*instance)(nil)
	_ sim.Placer    = (*instance)(nil)
	_ sim.Ghoster   = (*instance)(nil)
	_ sim.Tracker   = (*instance)(nil)
	_ sim.Starter   = (*instance)(nil)
)

// ErrNotReset says that Step came before the first Reset.
var ErrNotReset = errors.New("the instance has not been reset")

// open loads the model and builds an instance. bind gets the loaded model, to look
// up names once, and returns the rules.
func open(facts sim.Task, file string, bind func(m *mujoco.Model) (rules, error)) (*instance, error) {
	model, err := mujoco.LoadFS(resources.MJCF, "mjcf/"+file)
	if err != nil {
		return nil, fmt.Errorf("opening the scene: %w", err)
	}
	return assemble(facts, model, bind)
}

// assemble builds an instance that owns the model.
func assemble(facts sim.Task, model *mujoco.Model, bind func(m *mujoco.Model) (rules, error)) (*instance, error) {
	return assembleSeen(facts, model, nil, bind)
}

// assembleSeen builds an instance that owns the model, and the eye if it has one.
func assembleSeen(facts sim.Task, model *mujoco.Model, eye *eye, bind func(m *mujoco.Model) (rules, error)) (*instance, error) {
	in := &instance{facts: facts, broken: ErrNotReset, rng: sim.NewRand(0, sim.StreamReset), eye: eye}
	in.world.model = model
	if err := in.build(bind); err != nil {
		in.Close()
		return nil, err // callers know which task they opened
	}
	return in, nil
}

func (in *instance) build(bind func(m *mujoco.Model) (rules, error)) (err error) {
	w := &in.world
	if w.Data, err = w.model.NewData(); err != nil {
		return err
	}
	if w.scene, err = in.seen().NewScene(); err != nil {
		return err
	}
	if in.rules, err = bind(w.model); err != nil {
		return err
	}
	w.memory = make([]float64, in.rules.memory)
	if in.rules.handles != nil {
		in.handles = in.rules.handles(w)
	}
	for i := range in.handles {
		move := in.handles[i].Move
		in.handles[i].Move = func(pos [3]float64) error {
			err := move(pos)
			in.moved = in.moved || err == nil
			return err
		}
	}
	return nil
}

func (in *instance) Close() error {
	if in.ghost != nil {
		in.ghost.Close()
	}
	in.eye.Close()
	if in.world.scene != nil {
		in.world.scene.Close()
	}
	if in.world.Data != nil {
		in.world.Data.Close()
	}
	if in.world.model != nil {
		in.world.model.Close()
	}
	in.broken = mujoco.ErrClosed
	return nil
}

func (in *instance) Fields() []setting.Field {
	if in.rules.fields == nil {
		return nil
	}
	return in.rules.fields()
}

func (in *instance) Reset(seed int64) (sim.Timestep, error) {
	if err := setting.Check(in.Fields()); err != nil {
		return sim.Timestep{}, err
	}
	if err := in.world.Reset(); err != nil {
		return sim.Timestep{}, err
	}
	in.t = 0
	clear(in.world.memory)
	sim.Reseed(in.rng, seed, sim.StreamReset)
	if in.rules.reset != nil {
		in.rules.reset(&in.world, in.rng)
	}
	return in.settled()
}

// settled is the timestep after the state was set from outside.
func (in *instance) settled() (sim.Timestep, error) {
	if in.broken = in.world.Forward(); in.broken != nil {
		return sim.Timestep{}, in.broken
	}
	in.moved, in.behind = false, false
	if in.rules.begin != nil {
		in.rules.begin(&in.world)
	}
	return in.timestep(), nil
}

// Start puts an episode that was reset at exact positions and velocities; nil
// leaves what Reset chose. The errors are *sim.StateError.
func (in *instance) Start(qpos, qvel []float64) (sim.Timestep, error) {
	s := in.State()
	if qpos != nil {
		s.QPos = qpos
	}
	if qvel != nil {
		s.QVel = qvel
	}
	if err := in.fits(s); err != nil {
		return sim.Timestep{}, err
	}
	copy(in.world.QPos, qpos)
	copy(in.world.QVel, qvel)
	clear(in.world.Warmstart)
	return in.settled()
}

func (in *instance) Step(action []float64) (sim.Timestep, error) {
	if in.broken != nil {
		return sim.Timestep{}, in.broken
	}
	in.now = in.blank()
	t := &in.now
	if err := sim.ClipAction(t.Action, action); err != nil {
		return sim.Timestep{}, err
	}
	for range max(in.facts.ActionRepeat, 1) {
		in.act(t.Action)
		if in.rules.prepare != nil {
			in.rules.prepare(&in.world)
		}
		if in.broken = in.advance(); in.broken != nil {
			in.broken = fmt.Errorf("step %d: %w", in.t+1, in.broken)
			return sim.Timestep{}, in.broken
		}
		in.rules.judge(&in.world, t)
		if t.Terminated {
			break
		}
	}
	in.t++
	in.finish(t)
	return *t, nil
}

func (in *instance) act(action []float64) {
	if in.rules.act != nil {
		in.rules.act(&in.world, action)
		return
	}
	for i, a := range action {
		lo, hi := in.world.model.CtrlRange[i][0], in.world.model.CtrlRange[i][1]
		in.world.Ctrl[i] = lo + (a+1)/2*(hi-lo)
	}
}

// timestep is the present one without rewards; its action is zero.
func (in *instance) timestep() sim.Timestep {
	t := in.blank()
	in.finish(&t)
	return t
}

// blank has room for an action and an observation.
func (in *instance) blank() sim.Timestep {
	o, a := in.facts.ObsDim, in.facts.ActionDim
	numbers := make([]float64, o+a)
	return sim.Timestep{Obs: numbers[:o:o], Action: numbers[o:]}
}

func (in *instance) finish(t *sim.Timestep) {
	t.T = in.t
	t.Truncated = in.t >= in.facts.EpisodeSteps
	if in.rules.observe != nil {
		in.rules.observe(&in.world, t.Obs)
		return
	}
	n := copy(t.Obs, in.world.QPos)
	copy(t.Obs[n:], in.world.QVel)
}

func (in *instance) Scene(dst *render.Scene) {
	if in.rules.paint != nil {
		in.rules.paint(&in.world)
	}
	in.see()
	data, err := in.look()
	if err == nil {
		err = in.world.scene.Update(data, dst)
	}
	if err != nil {
		if in.broken == nil {
			in.broken = err // the next Step reports it
		}
		return
	}
	for i, d := range in.Track() {
		dst.Centre[i] += float32(d)
	}
}

func (in *instance) Handles() []sim.Handle { return in.handles }

func (in *instance) Track() [3]float64 {
	if in.rules.track == nil {
		return [3]float64{}
	}
	in.see()
	return in.rules.track(&in.world)
}
