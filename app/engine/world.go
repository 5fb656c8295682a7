package engine

import (
	"math/rand"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/sim"
)

// Pixels is the side of the square image a world model sees.
const Pixels = 64

// World is an immutable world model: parameters and what they are for. It may
// be shared by any number of goroutines.
type World interface {
	Info() ModelInfo
	// For is the model as one of this task alone, with its actions; an error if it
	// was not trained on it.
	For(task sim.Task) (World, error)
	// Settings are how its task was set where it was learned, by key; nil if that is
	// not known.
	Settings() map[string]string
	// PlannerSettings are those of what planned the episodes of its task, by key; nil
	// if that is not known.
	PlannerSettings() map[string]string
	// Open makes a working copy that computes with so many threads.
	Open(device string, threads int) (Mind, error)
}

// Mind is a world model at work. It belongs to one goroutine at a time.
type Mind interface {
	// Model is what planners are given.
	Model() planning.Model
	// Device names what computes.
	Device() string
	// Initial is the belief before the first image.
	Initial() Belief
	// Observe filters: the belief after action (A, the one that led here) was
	// taken and pixels (64×64×3, RGB) were seen.
	Observe(b Belief, action []float64, pixels []uint8, rng *rand.Rand) (Belief, error)
	// Decode paints n features (n×Z) as n images (n×64×64×3).
	Decode(n int, features []float64, pixels []uint8) error
	Close() error
}

// Belief is what a model knows of the present; values are never changed.
type Belief interface {
	Feature() []float64 // Z: a sample of the posterior, not to be written
}
