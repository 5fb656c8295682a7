package planning_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
)

func TestConformance(t *testing.T) {
	for _, kind := range planning.Kinds() {
		t.Run(kind.Name, func(t *testing.T) { planningtest.Run(t, kind) })
	}
}

// Names are written in scripts and saved files: they stay.
func TestNames(t *testing.T) {
	want := []struct{ name, title string }{
		{"latco", "LatCo"}, {"gaussian-latco", "Gaussian LatCo"}, {"cem", "CEM"}, {"mppi", "MPPI"},
		{"random-shooting", "Random shooting"},
	}
	kinds := planning.Kinds()
	if len(kinds) != len(want) {
		t.Fatalf("%d planners, want %d", len(kinds), len(want))
	}
	for i, w := range want {
		if kinds[i].Name != w.name || kinds[i].Title != w.title {
			t.Errorf("planner %d is %s %q, want %s %q", i, kinds[i].Name, kinds[i].Title, w.name, w.title)
		}
		if _, err := planning.New(w.name); err != nil {
			t.Error(err)
		}
	}
	_, err := planning.New("dreamer")
	var unknown *planning.UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "latco, gaussian-latco, cem, mppi, random-shooting") {
		t.Errorf("got %v, want an UnknownError that lists the planners", err)
	}
}
