package engine

// event is what a worker reports to the actor: adopted, planDone, stripDone,
// mindFailed, worldOpened, stageOpened, replayOpened, marksRead, failed, saved and what training.go,
// datalibrarian.go, datathumbs.go, actor_data.go and datacollect.go list.
type event any

// reporter hands an event to the actor; false says that it has left.
type reporter func(event) bool

// failed is an error of a worker that goes on.
type failed struct {
	what string // a clause such as "Could not decode the plan"
	err  error
}

// mindFailed is an error of the plan worker or the strip's painter.
type mindFailed failed

// worldOpened ends the loading of a model.
type worldOpened struct {
	token int // newest request wins
	name  string
	world World
	err   error
}

// saved says where a file went.
type saved struct{ path string }
