package planning_test

import (
	"context"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/planning/planningtest"
)

// A planner is made by name, given a problem, and watched while it works.
func Example() {
	planner, err := planning.New("latco")
	if err != nil {
		fmt.Println(err)
		return
	}
	var first, last planning.Iteration
	plan, err := planner.Plan(context.Background(), &planning.Problem{
		Model:   planningtest.PointMass(0),
		Feature: planningtest.Start(),
		Horizon: 30,
		Rand:    rand.New(rand.NewSource(1)),
		Record: func(it planning.Iteration) {
			if it.K == 1 {
				first = it
			}
			last = it
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%d actions after %d iterations\n", len(plan.Actions), plan.Iterations)
	fmt.Println("the dynamics are enforced late:", sum(last.DynViolation) < sum(first.DynViolation)/100)
	// Output:
	// 30 actions after 200 iterations
	// the dynamics are enforced late: true
}
