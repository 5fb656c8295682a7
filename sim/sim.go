// Package sim steps tasks: MuJoCo scenes with actions, rewards and success.
package sim

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
)

// Task is what one file of sim/task provides: facts, defaults and a way to
// build the thing that is stepped.
type Task struct {
	Name    string // key on the command line, such as "lottery"
	Title   string // label in the window
	Group   string // sparse-manipulation, lottery, dmc or gym
	Summary string // one sentence: what is hard about it
	Success string // one sentence: when it counts as solved

	ActionDim, ObsDim int
	Horizon           int // planning horizon H, control steps
	Replan            int // actions executed of each plan
	EpisodeSteps      int // control steps of an episode after the reset
	ActionRepeat      int
	Sparse            bool          // the agent learns SparseReward; Reward is shaped, for comparison
	Camera            render.Camera // what the model sees
	FreeCamera        render.Camera // where the window's camera starts

	// Hold fills the action under which the scene stays as it is in a state. Nil
	// means zeros.
	Hold func(s State, action []float64)

	// New builds one instance. settings are -set key=value pairs for the task;
	// see Instance.Fields. Nil means the defaults.
	New func(settings map[string]string) (Instance, error)

	// Scripted returns a policy that solves the task. Nil if there is none.
	Scripted func() Policy
	// Mixed returns a policy for data sets: broad coverage of states and actions
	// with successes among them. Nil if there is none.
	Mixed func() Policy
}

// Timestep is what one control step (or the reset, T = 0) produced. Its slices
// are new at every step and belong to the receiver.
type Timestep struct {
	T            int
	Obs          []float64 // state observation, ObsDim
	Action       []float64 // the action that led here, zeros at T = 0
	Reward       float64   // the task's own; where Task.Sparse, the shaped one
	SparseReward float64   // where Task.Sparse: 1 while solved, else 0
	Success      bool
	Outcome      string // lottery: "", "sure", "win", "loss"; else "" or "success"
	Terminated   bool
	Truncated    bool
}

// Instance is one running copy of a task. It is not safe for concurrent use;
// different instances are independent. Equal seeds, settings and actions give
// equal episodes, to the bit.
type Instance interface {
	// Fields are the task's own settings, for forms and -set. What is set takes
	// effect at the next Reset.
	Fields() []setting.Field
	Reset(seed int64) (Timestep, error)
	// Step advances by one control step. Components beyond ±1 are clipped, as
	// Timestep.Action shows; a *LengthError or *NotFiniteError changes nothing.
	// After any other error the episode is over: Reset or SetState.
	Step(action []float64) (Timestep, error)
	State() State
	// SetState goes to an exact copy of a state: continuing from it with the same
	// actions gives the same episode. A *StateError changes nothing.
	SetState(State) error
	// Scene fills dst with the present state. It allocates nothing once dst has
	// grown to size.
	Scene(dst *render.Scene)
	Handles() []Handle // what a mouse may drag
	Close() error
}

// State is an exact copy of everything a task needs to go on from here.
type State struct {
	QPos, QVel, Ctrl, Act []float64
	Time                  float64
	T                     int
	Task                  []float64 // the task's own memory, such as "paid"

	Mocap     []float64 // position and quaternion of each mocap body: goals, grippers; 7 each
	Warmstart []float64 // the constraint solver's first guess; may be nil, then zero
}

// Handle is a thing that can be dragged in the scene: a body or a goal. Everything
// that Object.Body carries belongs to it, whichever geom or site the mouse hits.
type Handle struct {
	Name   string
	Object render.Object
	Move   func(pos [3]float64) error // places it, respecting the task's limits
}

// Policy chooses actions from what the simulator knows; scripted and random
// policies are of this kind.
type Policy interface {
	Reset(seed int64)
	Act(t Timestep, action []float64)
}

// Perturber is the optional ability to be pulled by the mouse.
type Perturber interface {
	// Perturb ties a spring from the point local (in the body's frame) to the
	// world point target until Release, Reset or SetState; it acts in the coming
	// Steps. While the scene is paused use Placer instead.
	Perturb(body int, local, target [3]float64)
	Release()
	// Body names a body and says where it is (quaternion w, x, y, z).
	Body(body int) (name string, pos [3]float64, quat [4]float64)
}

// Placer is the optional ability to be moved by the mouse while time stands still.
type Placer interface {
	// Place moves the body through its joints so that its point local comes as
	// near to the world point target as they allow.
	Place(body int, local, target [3]float64) error
}

// Ghoster is the optional ability to show another state in the same scene.
type Ghoster interface {
	// AddGhost appends what moves, as it would be at positions qpos, to a filled
	// scene: translucent and without shadow. The instance's own state stays.
	AddGhost(dst *render.Scene, qpos []float64, rgba [4]float32) error
}

// Tracker is the optional ability to say how far the cameras of a task must follow
// what runs away.
type Tracker interface {
	// Track is what is added to the LookAt of the task's cameras, m.
	Track() [3]float64
}

// Starter is the optional ability to begin an episode at exact positions and
// velocities, as the public definitions' set_state does.
type Starter interface {
	// Start follows a Reset. Nil leaves what the reset chose; a *StateError changes
	// nothing.
	Start(qpos, qvel []float64) (Timestep, error)
}

// Pacer is the optional ability of an instance whose settings say how long its steps
// and its episodes are.
type Pacer interface {
	// Pace is what holds since the last Reset instead of Task.ActionRepeat and
	// Task.EpisodeSteps.
	Pace() (repeat, steps int)
}

// Paced is the task as an instance of it plays it.
func Paced(t Task, in Instance) Task {
	if p, ok := in.(Pacer); ok {
		t.ActionRepeat, t.EpisodeSteps = p.Pace()
	}
	return t
}

// Noticer is the optional ability to say what a user should know of a scene.
type Noticer interface {
	// Notices are sentences about what was ignored or cannot be drawn; nil if nothing.
	Notices() []string
}

// Adjustable is the optional ability of a policy to be set, such as its noise.
type Adjustable interface {
	Fields() []setting.Field
}
