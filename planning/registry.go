package planning

import "github.com/latco-studio/latco/resources/setting"

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
