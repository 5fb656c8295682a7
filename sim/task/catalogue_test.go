package task_test

import (
	"errors"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/sim/simtest"
	"github.com/latco-studio/latco/sim/task"
)

// TestNames pins the registered names: scripts, data sets and checkpoints use them.
func TestNames(t *testing.T) {
	var names []string
	for _, tk := range task.All() {
		names = append(names, tk.Name)
	}
	if want := []string{
		"lottery",
		"reach", "button-press", "window-close", "drawer-close", "push", "thermos", "hammer",
		"cartpole-swingup", "cartpole-balance", "reacher-easy", "cheetah-run", "finger-spin", "cup-catch", "walker-walk", "quadruped-walk",
		"halfcheetah", "hopper", "walker2d", "truncated-ant", "truncated-humanoid", "ant", "humanoid",
	}; !reflect.DeepEqual(names, want) {
		t.Errorf("tasks %q, want %q", names, want)
	}
}

func TestNamed(t *testing.T) {
	for _, want := range task.All() {
		if got, err := task.Named(want.Name); err != nil || got.Title != want.Title {
			t.Errorf("Named(%q): %q, %v", want.Name, got.Title, err)
		}
	}
	var unknown *task.UnknownError
	if _, err := task.Named("roulette"); !errors.As(err, &unknown) || len(unknown.Known) != len(task.All()) {
		t.Errorf("Named(roulette): %v", err)
	}
}

func TestConformance(t *testing.T) {
	for _, tk := range task.All() {
		t.Run(tk.Name, func(t *testing.T) { simtest.Run(t, tk) })
	}
}
