package engine

// Command is what a user asks for. Do queues it; the engine obeys in order and
// reports through State.
type Command interface{ command() }

type (
	// SelectTask switches the scene (and model) to a task.
	SelectTask struct{ Name string }
	// OpenScene shows an MJCF file as a task without rewards.
	OpenScene struct{ Path string }
	// SelectPlanner makes a planner the one that Plan and Run use.
	SelectPlanner struct{ Name string }
	// SetPlannerField sets one setting of the selected planner from text.
	SetPlannerField struct{ Key, Value string }
	// ResetPlannerFields goes back to the defaults for this task and model.
	ResetPlannerFields struct{}
	// SetTaskField sets one setting of the task and resets the scene.
	SetTaskField struct{ Key, Value string }
	// LoadModel loads a bundled model by name or a checkpoint by file.
	LoadModel struct{ Name string }

	// Plan plans once from the present state. Running planners are replaced.
	Plan struct{}
	// Run executes the episode in closed loop: plan, execute, replan, to its end.
	Run struct{}
	// Watch has a policy act that needs no model: scripted, mixed or random; "" is
	// the first of Task.Policies. Episode follows episode until Stop.
	Watch struct{ Policy string }
	// Stop ends planning, running and watching at once. Training goes on.
	Stop struct{}
	// Reset starts the episode again: with the same seed, or a new one if New.
	Reset struct {
		New  bool
		Seed *int64
	}
	// Pause halts or continues the scene's clock.
	Pause struct{ On bool }
	// StepOnce advances the paused scene by one control step.
	StepOnce struct{}
	// SetSpeed sets the ratio of simulated to real time, 0.1 to 10.
	SetSpeed struct{ Factor float64 }

	// SaveBookmark keeps the present state; "" makes a name.
	SaveBookmark struct{ Name string }
	// LoadBookmark goes to a kept state and pauses there.
	LoadBookmark struct{ Name string }
	// RenameBookmark and DeleteBookmark change the task's file of them.
	RenameBookmark struct{ From, To string }
	DeleteBookmark struct{ Name string }
	// PointAtBookmark shows a kept state as a ghost in the scene; "" shows none.
	PointAtBookmark struct{ Name string }

	// Viewport is the size in pixels in which the live scene is wanted.
	Viewport struct{ W, H int }
	// Orbit, Pan and Zoom move the camera; fractions of the view's height.
	Orbit struct{ DX, DY float64 }
	Pan   struct{ DX, DY float64 }
	Zoom  struct{ D float64 }
	// NextCamera cycles free camera and task camera; ResetCamera goes home.
	NextCamera  struct{}
	ResetCamera struct{}
	// Pick selects what is at x, y (fractions of the view, origin top left).
	Pick struct{ X, Y float64 }
	// Drag pulls the body or goal found at the first point to the last one.
	DragStart struct{ X, Y float64 }
	DragMove  struct{ X, Y float64 }
	DragEnd   struct{}
	// Screenshot writes the live view to a PNG file.
	Screenshot struct{ Path string }

	// SelectIteration shows iteration K of the recorded plan in the strip;
	// −1 follows the newest.
	SelectIteration struct{ K int }
	// SelectColumn highlights a time step in strip and scene; −1 none.
	SelectColumn struct{ T int }

	// StartTraining begins (or, if paused, continues) training.
	StartTraining struct {
		Preset  string   // "" = class
		Updates int      // 0 = the preset's
		Data    string   // folder of episodes; "" collects its own
		Beside  []string // tasks that the same model learns beside the one on the stage
		Planner string   // of collected and evaluation episodes; "" = the chosen one, or that of a resumed run
		Seed    int64
		Out     string            // run folder; "" chooses one under the user's data
		Resume  bool              // go on with the run in Out, whatever its task; "" = the newest of the task
		Fields  map[string]string // overrides of the preset and of the trainer's settings
		Device  string            // see Devices; "" = that of the engine
		// OnDeviceFailure is DeviceFailureStop or DeviceFailureCPU; "" = stop, so that
		// the window can ask.
		OnDeviceFailure string
	}
	// MoveTraining has the run go on on another device from its next update on.
	MoveTraining  struct{ Device string }
	PauseTraining struct{ On bool }
	StopTraining  struct{}
)

func (SelectTask) command()         {}
func (OpenScene) command()          {}
func (SelectPlanner) command()      {}
func (SetPlannerField) command()    {}
func (ResetPlannerFields) command() {}
func (SetTaskField) command()       {}
func (LoadModel) command()          {}
func (Plan) command()               {}
func (Run) command()                {}
func (Watch) command()              {}
func (Stop) command()               {}
func (Reset) command()              {}
func (Pause) command()              {}
func (StepOnce) command()           {}
func (SetSpeed) command()           {}
func (SaveBookmark) command()       {}
func (LoadBookmark) command()       {}
func (RenameBookmark) command()     {}
func (DeleteBookmark) command()     {}
func (PointAtBookmark) command()    {}
func (Viewport) command()           {}
func (Orbit) command()              {}
func (Pan) command()                {}
func (Zoom) command()               {}
func (NextCamera) command()         {}
func (ResetCamera) command()        {}
func (Pick) command()               {}
func (DragStart) command()          {}
func (DragMove) command()           {}
func (DragEnd) command()            {}
func (Screenshot) command()         {}
func (SelectIteration) command()    {}
func (SelectColumn) command()       {}
func (StartTraining) command()      {}
func (MoveTraining) command()       {}
func (PauseTraining) command()      {}
func (StopTraining) command()       {}
