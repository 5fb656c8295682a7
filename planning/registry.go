package planning

import (
	"fmt"
	"strings"

	"github.com/latco-studio/latco/resources/setting"
)

// Configurable is a planner whose settings can be listed and set by name.
// Fields point into the planner.
type Configurable interface {
	Planner
	Fields() []setting.Field
}

// Kind describes a planner that can be chosen.
type Kind struct {
	Name  string              // key on the command line, such as "gaussian-latco"
	Title string              // label in the window
	Help  string              // one sentence: how it plans
	Needs string              // the ability of a model it asks for
	New   func() Configurable // with every default filled in
}

// UnknownError names a planner that does not exist, and those that do.
type UnknownError struct {
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no planner %q; known: %s", e.Name, strings.Join(e.Known, ", "))
}

// Kinds lists every planner in menu order.
func Kinds() []Kind {
	return []Kind{
		{
			Name: "latco", Title: "LatCo", Needs: needLinearizer,
			Help: "Optimises states and actions together and lets the plan violate the dynamics at first (latent collocation).",
			New:  func() Configurable { return NewLatCo() },
		},
		{
			Name: "gaussian-latco", Title: "Gaussian LatCo", Needs: needMoments,
			Help: "LatCo over distributions: plans for the expected reward and sees how uncertain an outcome is.",
			New:  func() Configurable { return NewGaussianLatCo() },
		},
		{
			Name: "cem", Title: "CEM", Needs: needScorer,
			Help: "Samples action sequences, keeps the best ones and samples again around them (cross-entropy method).",
			New:  func() Configurable { return NewCEM() },
		},
		{
			Name: "mppi", Title: "MPPI", Needs: needScorer,
			Help: "Samples action sequences and averages all of them with weights that grow with their return.",
			New:  func() Configurable { return NewMPPI() },
		},
		{
			Name: "random-shooting", Title: "Random shooting", Needs: needScorer,
			Help: "Samples action sequences without learning from them and takes the best one: the baseline of the others.",
			New:  func() Configurable { return NewRandomShooting() },
		},
	}
}

// New makes the planner called name, or returns an *UnknownError.
func New(name string) (Configurable, error) {
	var known []string
	for _, k := range Kinds() {
		if k.Name == name {
			return k.New(), nil
		}
		known = append(known, k.Name)
	}
	return nil, &UnknownError{name, known}
}
