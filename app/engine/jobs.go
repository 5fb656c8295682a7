package engine

import (
	"image"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/planning"
)

// Progress is told how far a job is. total is 0 while it is unknown; note is a
// short sentence such as "collecting" or "loss 812, 41 updates/s". It is called
// from one goroutine at a time and must not block. Nil is allowed everywhere.
type Progress func(done, total int, note string)

func (p Progress) say(done, total int, note string) {
	if p != nil {
		p(done, total, note)
	}
}

// CollectOptions describe a data set of episodes.
type CollectOptions struct {
	Parts    Parts
	Task     string
	Settings map[string]string // of the task
	Policy   string            // random, scripted or mixed; "" = mixed, random where there is none

	PolicySettings map[string]string
	Episodes       int // ≥ 1
	Seed           int64
	Workers        int    // episodes at a time; 0 = all cores. The data set does not depend on it
	Out            string // folder, made if missing
	Command        string // what was typed, kept in the manifest
	Version        string // of the program, kept in the manifest
	Simulator      string // and its version, kept in the manifest
	Background     bool   // give way to all else that this machine does
}

// CollectResult is the JSON document of latco collect. It counts the whole data
// set, episodes of an earlier, interrupted collection included.
type CollectResult struct {
	Out string `json:"out"`
	learning.DatasetInfo
	Episodes         int            `json:"episodes"`
	Resumed          int            `json:"resumed"` // of these, found when collecting began
	Frames           int            `json:"frames"`
	Bytes            int64          `json:"bytes"`
	Successes        int            `json:"successes"`
	Failures         int            `json:"failures"`
	SuccessRate      float64        `json:"success_rate"`
	SuccessCI95      [2]float64     `json:"success_ci95"` // Wilson score interval
	SolvedAtReset    int            `json:"solved_at_reset"`
	Floor            float64        `json:"floor"`       // share solved at the first step, before anything was done
	Reward           string         `json:"reward"`      // which of the two return_mean is: shaped or sparse
	ReturnMean       float64        `json:"return_mean"` // of the reward that is learned
	ShapedReturnMean float64        `json:"shaped_return_mean"`
	SparseReturnMean float64        `json:"sparse_return_mean"`
	Outcomes         map[string]int `json:"outcomes"`
	WallS            float64        `json:"wall_s"`
}

// TrainOptions describe a training run (Algorithm 1 of the paper, or offline
// only with Frames 0 and Data given).
type TrainOptions struct {
	Parts    Parts
	Task     string
	Tasks    []string          // instead of Task: one or several, whose episodes take turns
	Settings map[string]string // of tasks and planner; TASK.key is of one of several
	Kind     string            // rssm; "" = rssm
	Preset   string            // "" = class
	Fields   map[string]string // overrides of the preset and of learning.Settings
	Data     string            // folder of episodes; "" collects a data set first
	Sets     []string          // further folders, of other tasks
	Planner  string            // of collected and evaluation episodes; "" = cem, or that of the run that is resumed
	Updates  int               // 0 = the default of the trainer
	Frames   int               // environment frames to collect online; 0 = offline only
	Seed     int64
	Resume   bool
	Device   string // auto, cpu or cuda; "" = auto
	Threads  int    // 0 = all cores
	Out      string // run folder
	Command  string // what was typed, kept in the checkpoint
	Version  string // of the program, kept in the checkpoint

	// OnDeviceFailure is DeviceFailureStop or DeviceFailureCPU; "" = stop.
	OnDeviceFailure string

	// Warn is told of each file that had to be skipped, when there is no room on the
	// disk, and of a device that failed. It is called like Progress. Nil is allowed.
	Warn func(error)

	// Computing is told the name of the device that computes, once it has been opened.
	// It is called like Progress. Nil is allowed.
	Computing func(device string)
}

// EvalOptions describe a closed-loop evaluation: no exploration noise, seeds
// never used in training.
type EvalOptions struct {
	Parts    Parts
	Task     string
	Planner  string
	Model    string            // name or file; "" = the bundled model of the task
	Episodes int               // ≥ 1
	Seed     int64             // 0 … 999,999
	Settings map[string]string // of planner and task
	Device   string
	Workers  int // episodes at a time; 0 = 2. The result does not depend on it

	// Computing is told the name of the device that computes, once it has been opened.
	// It is called like Progress. Nil is allowed.
	Computing func(device string)
}

// EvalResult is the JSON document of latco eval.
type EvalResult struct {
	Task         string            `json:"task"`
	Planner      string            `json:"planner"`
	Model        string            `json:"model"`
	Device       string            `json:"device"`
	Settings     map[string]string `json:"settings"`
	Episodes     []EvalEpisode     `json:"episodes"`
	SuccessRate  float64           `json:"success_rate"`
	SuccessCI95  [2]float64        `json:"success_ci95"` // Wilson score interval
	ReturnMean   float64           `json:"return_mean"`
	ReturnStderr float64           `json:"return_stderr"`
	PlanMSMedian float64           `json:"plan_ms_median"`
	WallS        float64           `json:"wall_s"`
	Outcomes     map[string]int    `json:"outcomes"` // how many ended how

	Reward           string  `json:"reward"` // what the model learned and returns are of: shaped or sparse
	ShapedReturnMean float64 `json:"shaped_return_mean"`
	SparseReturnMean float64 `json:"sparse_return_mean"`
}

// EvalEpisode is one episode of an evaluation.
type EvalEpisode struct {
	Seed         int64     `json:"seed"`
	Return       float64   `json:"return"` // of the reward that the model learned
	ShapedReturn float64   `json:"shaped_return"`
	SparseReturn float64   `json:"sparse_return"`
	Success      bool      `json:"success"`
	Outcome      string    `json:"outcome"`
	Steps        int       `json:"steps"`
	PlanMS       []float64 `json:"plan_ms"` // wall time of each plan
}

// PlanOptions describe one plan from the start of an episode.
type PlanOptions struct {
	Parts    Parts
	Task     string
	Planner  string
	Model    string
	Seed     int64 // of the environment, used as it is
	Settings map[string]string
	Device   string
	Threads  int // 0 = all cores
	Strips   int // iterations decoded for the animation, first and last included; 0 = 40

	// Computing is told the name of the device that computes, once it has been opened.
	// It is called like Progress. Nil is allowed.
	Computing func(device string)
}

// PlanResult is the JSON document of latco plan and the images beside it.
type PlanResult struct {
	Task            string            `json:"task"`
	Planner         string            `json:"planner"`
	Model           string            `json:"model"`
	Device          string            `json:"device"`
	Seed            int64             `json:"seed"`
	Settings        map[string]string `json:"settings"`
	Iterations      []PlanIteration   `json:"iterations"`
	Actions         [][]float64       `json:"actions"`
	PredictedReturn float64           `json:"predicted_return"`
	Solver          string            `json:"solver,omitempty"` // of the steps' linear systems
	Reward          string            `json:"reward"`           // what the model learned and the next two are of: shaped or sparse
	ObtainedReturn  float64           `json:"obtained_return"`  // of executing Actions open loop
	ObtainedReward  []float64         `json:"obtained_reward"`
	Outcome         string            `json:"outcome"`
	Success         bool              `json:"success"`
	WallMS          float64           `json:"wall_ms"`

	Strip      []*image.RGBA `json:"-"` // H+1: latents of the plan, decoded
	ModelStrip []*image.RGBA `json:"-"` // H+1: the same actions through the model, means
	Real       []*image.RGBA `json:"-"` // the same actions executed; shorter if the episode ended
	Animation  []StripFrame  `json:"-"` // the strip over the iterations
}

// StripFrame is the strip of one iteration.
type StripFrame struct {
	K      int
	Frames []*image.RGBA // H+1
}

// PlanIteration is planning.Iteration without its latents.
type PlanIteration struct {
	K            int       `json:"k"`
	Return       float64   `json:"return"`
	Reward       []float64 `json:"reward"`
	DynViolation []float64 `json:"dyn_violation"`
	ActViolation []float64 `json:"act_violation"`
	Lambda       []float64 `json:"lambda"`
	Nu           []float64 `json:"nu"`
}

func planIteration(it planning.Iteration) PlanIteration {
	return PlanIteration{it.K, it.Return, it.Reward, it.DynViolation, it.ActViolation, it.Lambda, it.Nu}
}

// RolloutOptions describe an episode under a policy that needs no model.
type RolloutOptions struct {
	Parts          Parts
	Task           string
	Settings       map[string]string
	Seed           int64
	Policy         string // zero, random, scripted or mixed; "" = zero
	PolicySettings map[string]string
	Actions        [][]float64  // if given, used instead of the policy until they end
	QPos, QVel     []float64    // exact start state, if given
	Steps          int          // 0 = the task's episode (or all Actions)
	Notice         func(string) // is told the instance's notices, if not nil
}

// RolloutStep is one line of latco rollout.
type RolloutStep struct {
	T            int       `json:"t"`
	QPos         []float64 `json:"qpos"`
	QVel         []float64 `json:"qvel"`
	Ctrl         []float64 `json:"ctrl"`
	Action       []float64 `json:"action"`
	Obs          []float64 `json:"obs"`
	Reward       float64   `json:"reward"`
	SparseReward float64   `json:"sparse_reward"`
	Success      bool      `json:"success"`
	Terminated   bool      `json:"terminated"`
	Truncated    bool      `json:"truncated"`
	Outcome      string    `json:"outcome"`
}

// RenderOptions describe one frame.
type RenderOptions struct {
	Parts         Parts
	Task          string
	Settings      map[string]string
	Seed          int64
	QPos, QVel    []float64    // if given
	Width, Height int          // 0 = 64
	Camera        string       // task or free; "" = task
	Notice        func(string) // is told the instance's notices, if not nil
}
