package setting

import (
	"errors"
	"strings"
	"testing"
)

type planner struct {
	Iterations int
	Epsilon    float64
	Fixed      bool
	Rule       string
}

func (p *planner) fields() []Field {
	return []Field{
		{Key: "iterations", Min: 1, Max: 1000, Value: &p.Iterations},
		{Key: "epsilon", Min: 1e-8, Max: 1, Log: true, Value: &p.Epsilon},
		{Key: "fixed", Value: &p.Fixed},
		{Key: "rule", Choices: []string{"paper", "released"}, Value: &p.Rule},
	}
}

func TestSetStoresWhatStringPrints(t *testing.T) {
	p := planner{Iterations: 1, Epsilon: 0.5, Rule: "paper"}
	for key, text := range map[string]string{"iterations": "200", "epsilon": "0.0001", "fixed": "true", "rule": "released"} {
		if err := Set(p.fields(), key, text); err != nil {
			t.Fatalf("%s=%s: %v", key, text, err)
		}
		if got := Map(p.fields())[key]; got != text {
			t.Errorf("%s: set %s, printed %s", key, text, got)
		}
	}
	if want := (planner{200, 1e-4, true, "released"}); p != want {
		t.Errorf("got %+v, want %+v", p, want)
	}
}

func TestBadTextNamesFieldValueAndRange(t *testing.T) {
	for key, text := range map[string]string{"iterations": "0", "epsilon": "NaN", "fixed": "maybe", "rule": "third"} {
		p := planner{Iterations: 7, Epsilon: 0.5, Rule: "paper"}
		before := p
		err := Set(p.fields(), key, text)
		var bad *RangeError
		if !errors.As(err, &bad) {
			t.Fatalf("%s=%s: got %v, want a *RangeError", key, text, err)
		}
		for _, part := range []string{key, text, bad.Want} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%q does not mention %q", err, part)
			}
		}
		if p != before {
			t.Errorf("%s=%s changed the settings to %+v", key, text, p)
		}
	}
}

func TestUnknownKeyListsTheKnown(t *testing.T) {
	var p planner
	err := Set(p.fields(), "iteration", "3")
	var unknown *UnknownError
	if !errors.As(err, &unknown) || !strings.Contains(err.Error(), "iterations, epsilon, fixed, rule") {
		t.Fatalf("got %v", err)
	}
}

func TestCheckFindsTheFirstBadValue(t *testing.T) {
	p := planner{Iterations: 5, Epsilon: 2, Rule: "paper"}
	var bad *RangeError
	if err := Check(p.fields()); !errors.As(err, &bad) || bad.Key != "epsilon" {
		t.Fatalf("got %v, want epsilon out of range", err)
	}
	p.Epsilon = 1
	if err := Check(p.fields()); err != nil {
		t.Fatal(err)
	}
}
