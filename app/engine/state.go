package engine

import (
	"image"
	"time"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/setting"
)

// Phase is what the actor is doing.
type Phase uint8

const (
	Idle Phase = iota
	Planning
	PlanReady
	Executing
	EpisodeOver
	Watching  // a policy that needs no model acts
	Replaying // a recorded episode is played again; what was on the stage waits
)

// State is one immutable picture of everything a screen shows. The engine
// publishes a new one after every change; a screen pulls the newest. Slices and
// images inside are never written again.
type State struct {
	Version uint64 // grows with every publication
	Obeyed  uint64 // commands obeyed so far: what was asked for later does not show yet

	Task     TaskInfo
	Opening  string // title of the task or scene that was asked for and is being opened, "" if none
	Planner  PlannerInfo
	Planners []PlannerInfo // all, in menu order, without Fields
	Model    ModelInfo

	Phase       Phase
	Paused      bool
	Speed       float64
	Seed        int64
	Step        int     // control steps since the reset
	Reward      float64 // of the last step: the sparse one where Task.Sparse
	Return      float64 // Σ of it
	Shaped      float64 // where Task.Sparse: the shaped reward of the last step
	Success     bool
	Outcome     string
	Observation *image.RGBA // 64×64: what the model sees now
	Picked      *Picked     // nil if nothing is picked
	CameraName  string
	Moving      bool    // the picture of the scene changes; else it is drawn again now and then
	SimFPS      float64 // scene frames rendered per second

	PlanDevice PlanDevice

	Plan  *PlanView // nil before the first plan
	Watch WatchView
	Train TrainView
	Runs  RunsView
	Data  DataView

	Bookmarks []Bookmark // of the task, oldest first

	Status Status
}

// TaskInfo is what a screen needs of a task.
type TaskInfo struct {
	Name, Title, Group, Summary, Success string

	Horizon, Replan, EpisodeSteps, ActionRepeat int
	ActionDim, ObsDim                           int

	Goal     bool            // it can be solved; else only the return counts
	Sparse   bool            // the agent learns 1 for solved and 0 for all else
	Policies []string        // that act without a model, the most telling first
	Model    string          // that is loaded with it: bundled, or trained last; "" if there is none
	File     string          // of a scene that was opened from disk, else ""
	Fields   []setting.Field // values are copies
	Handles  []string        // names of what can be dragged
}

// WatchView is how a watched policy fares.
type WatchView struct {
	Policy           string  // "" if none is watched
	Episodes, Solved int     // finished, and how many of them with success
	Return           float64 // mean of the finished
}

// Bookmark is a kept state of the scene.
type Bookmark struct {
	Name    string // unique
	Saved   time.Time
	Seed    int64
	Step    int
	Picture *image.RGBA // 64×64, what the model saw; nil if that is lost
}

// PlannerInfo is what a screen needs of a planner.
type PlannerInfo struct {
	Name, Title, Help string
	Fields            []setting.Field // values are copies; set through commands
}

// ModelInfo is the loaded world model.
type ModelInfo struct {
	Name    string // "" if none is loaded
	Preset  string
	Updates int
	Source  string // "bundled", "training", or the file
	Reward  string // what it has learned: shaped or sparse; "" = the task's
}

// Picked is the selected body or goal.
type Picked struct {
	Name string
	Pos  [3]float64 // metres
	Quat [4]float64 // w, x, y, z
}

// PlanView is the recorded optimisation and what happened afterwards.
type PlanView struct {
	Planner    string
	StartStep  int // episode step the plan starts from
	Horizon    int
	Running    bool                 // the optimiser is still at work
	Stale      bool                 // the scene has moved on by other means
	Iterations []planning.Iteration // recorded so far, maybe thinned; K is the true index
	Total      int                  // iterations the settings ask for
	Shown      int                  // index into Iterations that Strip shows
	Column     int                  // highlighted time step, −1 none
	Strip      []*image.RGBA        // H+1 frames 64×64: latents of the shown iterate, decoded
	ModelStrip []*image.RGBA        // same actions rolled through the model; nil until done
	Real       []*image.RGBA        // executed so far, aligned with Strip; [0] is the start
	RealReward []float64            // reward obtained at each executed step
	Predicted  float64              // predicted return of the final plan
	Obtained   float64              // return since StartStep
	Elapsed    time.Duration        // optimiser's wall time
	Threshold  float64              // ε of the dynamics violation, 0 if the planner has none
}

// TrainStatus is the trainer's state.
type TrainStatus uint8

const (
	TrainIdle TrainStatus = iota
	TrainCollecting
	TrainRunning
	TrainPaused
	TrainDone
	TrainFailed
)

// TrainView is the state of training.
type TrainView struct {
	Status         TrainStatus
	Task, Title    string // of the run: another may be on screen
	Preset         string
	Doing          string // loading, collecting, updating, evaluating, paused, disk full, done
	Updates, Total int
	Collected      int     // simulator steps that the run has collected
	TotalFrames    int     // of the steps to collect; 0 = offline
	Rate           float64 // updates per second
	ETA            time.Duration
	Frames         int // environment frames in the replay buffer
	Episodes       int
	Curves         map[string][]Point // see curveBook
	Usage          Usage
	OpenLoop       *OpenLoop  // newest prediction against truth
	Lapse          *TimeLapse // nil before its first shot
	Out            string     // run folder
	LastSave       time.Time
	Err            string
	DeviceFailed   bool // Err is of a GPU: a StartTraining with Resume and Device "cpu" goes on
}

// Usage is what training takes of the machine.
type Usage struct {
	Device   string  // such as "cpu (oneDNN 2.6.3, 2 threads)"; "" before it is opened
	Cores    float64 // processor time per wall time of the whole program, of CPUs
	CPUs     int
	Resident int64 // bytes of memory of the whole program
	Card     int64 // bytes in use of the GPU's memory, by all programs; 0 without one
	CardAll  int64 // bytes that it has
	Replay   int64 // bytes of the replay buffer's images in memory
	Scratch  int64 // bytes of them in the scratch file
}

// OpenLoop compares the model's prediction with a held-out episode.
type OpenLoop struct {
	Updates      int
	Context      int           // first frames, where the model still sees the truth
	HeldOut      bool          // the episode was never trained on
	Truth, Model []*image.RGBA // one per time step
	Error        float64       // root mean square over the predicted frames, of pixels in [0, 1]
}

// Level is how serious a status is.
type Level uint8

const (
	Info Level = iota
	Busy
	Warning
	Failure
)

// Status is the sentence of the status line.
type Status struct {
	Level   Level
	Text    string
	Details string // the whole error chain, "" if there is none
}
