package planning_test

import (
	"context"
	"math/rand"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
)

// The number of goroutines changes how long a plan takes, and nothing else.
func TestThreadsDoNotChangeThePlan(t *testing.T) {
	for _, c := range []struct {
		name string
		set  []string
	}{
		{"latco", []string{"plans", "1", "iterations", "10"}},
		{"latco", []string{"plans", "3", "iterations", "10"}},
		{"gaussian-latco", []string{"plans", "3", "iterations", "5"}},
	} {
		var plans []*planning.Plan
		for _, threads := range []int{1, 2, 3} {
			plan, err := configured(t, c.name, c.set...).Plan(context.Background(), &planning.Problem{
				Model: planningtest.PointMass(0), Feature: planningtest.Start(), Horizon: 12,
				Threads: threads, Rand: rand.New(rand.NewSource(4))})
			if err != nil {
				t.Fatal(err)
			}
			plans = append(plans, plan)
		}
		for i, p := range plans[1:] {
			if !reflect.DeepEqual(p.Actions, plans[0].Actions) {
				t.Errorf("%s %v: %d goroutines gave other actions than one", c.name, c.set, i+2)
			}
		}
	}
}
