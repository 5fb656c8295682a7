// Package task holds the tasks, one file each: a MuJoCo model and the rules that
// turn it into a problem. What they share is in instance.go.
package task

import (
	"fmt"
	"strings"

	"github.com/latco-studio/latco/sim"
)

// All returns the tasks in menu order.
func All() []sim.Task {
	return []sim.Task{
		Lottery(),
		Reach(), ButtonPress(), WindowClose(), DrawerClose(), Push(), Thermos(), Hammer(),
		CartpoleSwingup(), CartpoleBalance(), ReacherEasy(), CheetahRun(), FingerSpin(), CupCatch(), WalkerWalk(), QuadrupedWalk(),
		HalfCheetah(), Hopper(), Walker2d(), TruncatedAnt(), TruncatedHumanoid(), Ant(), Humanoid(),
	}
}

// UnknownError names a task that does not exist, and those that do.
type UnknownError struct {
	Name  string
	Known []string
}

func (e *UnknownError) Error() string {
	return fmt.Sprintf("no task %q; known: %s", e.Name, strings.Join(e.Known, ", "))
}

// Named finds a task by name or returns an *UnknownError.
func Named(name string) (sim.Task, error) {
	var known []string
	for _, t := range All() {
		if t.Name == name {
			return t, nil
		}
		known = append(known, t.Name)
	}
	return sim.Task{}, &UnknownError{name, known}
}
