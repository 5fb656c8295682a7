package planningtest

import (
	"context"
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/planning"
)

func testPlan(t *testing.T, kind planning.Kind) {
	p := problem(1)
	p.Feature[0] = 0.125
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, p, plan)
	if plan.Iterations != 4 {
		t.Errorf("Iterations = %d, want 4", plan.Iterations)
	}
	if p.Feature[0] != 0.125 {
		t.Error("the planner changed the problem's feature")
	}
	p.Horizon = 1
	plan, err = short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatalf("horizon 1: %v", err)
	}
	checkPlan(t, p, plan)
}

func checkPlan(t *testing.T, p *planning.Problem, plan *planning.Plan) {
	t.Helper()
	if plan == nil {
		t.Fatal("no plan")
	}
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	checkShape(t, "Actions", plan.Actions, h, a)
	checkShape(t, "Latents", plan.Latents, h+1, z)
	checkShape(t, "Reward", [][]float64{plan.Reward}, 1, h)
	var total float64
	for _, r := range plan.Reward {
		total += r
	}
	if math.Abs(total-plan.Return) > 1e-9*(1+math.Abs(total)) {
		t.Errorf("Return = %g, Σ Reward = %g", plan.Return, total)
	}
	for step, row := range plan.Actions {
		for _, v := range row {
			if v < -1 || v > 1 {
				t.Errorf("action of step %d = %g, outside ±1", step, v)
			}
		}
	}
	if !reflect.DeepEqual(plan.Latents[0], p.Feature) {
		t.Errorf("Latents[0] = %v, the problem starts at %v", plan.Latents[0], p.Feature)
	}
}

func checkShape(t *testing.T, name string, m [][]float64, rows, cols int) {
	t.Helper()
	if len(m) != rows {
		t.Fatalf("%s has %d rows, want %d", name, len(m), rows)
	}
	for i, r := range m {
		if len(r) != cols {
			t.Fatalf("%s[%d] has %d numbers, want %d", name, i, len(r), cols)
		}
		for _, v := range r {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.Fatalf("%s[%d] = %v", name, i, r)
			}
		}
	}
}

func testRecord(t *testing.T, kind planning.Kind) {
	var its []planning.Iteration
	p := problem(2)
	p.Record = func(it planning.Iteration) { its = append(its, it) }
	plan, err := short(t, kind).Plan(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	if len(its) != plan.Iterations+1 {
		t.Fatalf("%d records of %d iterations, want one more", len(its), plan.Iterations)
	}
	for k, it := range its {
		if it.K != k {
			t.Errorf("record %d has K = %d", k, it.K)
		}
		checkIteration(t, p, it)
	}
	last := its[len(its)-1]
	if !reflect.DeepEqual(last.Latents, plan.Latents) || last.Return != plan.Return {
		t.Error("the last record is not the plan")
	}

	// The receiver owns what it gets: spoiling it changes nothing.
	q := problem(2)
	q.Record = func(it planning.Iteration) {
		for _, m := range [][][]float64{it.Latents, it.Actions, {it.Reward, it.DynViolation, it.ActViolation, it.Lambda, it.Nu}} {
			for _, r := range m {
				for i := range r {
					r[i] = NaN
				}
			}
		}
	}
	spoiled, err := short(t, kind).Plan(context.Background(), q)
	if err != nil || !reflect.DeepEqual(spoiled, plan) {
		t.Errorf("records share memory with the planner: %v", err)
	}
}

func checkIteration(t *testing.T, p *planning.Problem, it planning.Iteration) {
	t.Helper()
	h, z, a := p.Horizon, p.Model.FeatureDim(), p.Model.ActionDim()
	checkShape(t, "Latents", it.Latents, h+1, z)
	checkShape(t, "Actions", it.Actions, h, a)
	checkShape(t, "Reward and violations", [][]float64{it.Reward, it.DynViolation, it.ActViolation}, 3, h)
	if (it.Lambda == nil) != (it.Nu == nil) {
		t.Error("only one of Lambda and Nu is nil")
	}
	if it.Lambda != nil {
		checkShape(t, "multipliers", [][]float64{it.Lambda, it.Nu}, 2, h)
	}
	for i := range h {
		if it.DynViolation[i] < 0 || it.ActViolation[i] < 0 || it.Lambda != nil && (it.Lambda[i] <= 0 || it.Nu[i] <= 0) {
			t.Errorf("iteration %d, step %d: a negative violation or a multiplier ≤ 0", it.K, i)
		}
	}
}
