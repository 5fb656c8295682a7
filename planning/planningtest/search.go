package planningtest

import (
	"context"
	"errors"
	"math"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/resources/philox"
)

// Searching is a Model that searches by itself, in float32 and with another
// order of sums than package planning, as a model on a device does.
type Searching struct {
	*Model

	// After, if not nil, is called behind every call of the search with its name
	// and the returns, which it may change.
	After func(method string, returns []float32) error

	feature []float64
	h       int
	seed    uint64
	actions []float32 // n×H·A
	returns []float32 // n
}

var _ planning.Searcher = (*Searching)(nil)

// StartSearch makes room. States are means: the model has no noise.
func (m *Searching) StartSearch(feature []float64, n, h int, _ bool, seed uint64) error {
	m.feature, m.h, m.seed = append([]float64(nil), feature...), h, seed
	m.actions, m.returns = make([]float32, n*h*m.A), make([]float32, n)
	return m.after("StartSearch")
}

// SearchRange draws and scores.
func (m *Searching) SearchRange(k, first, n int, mean, std []float64) error {
	d := len(mean)
	actions := m.actions[first*d : (first+n)*d]
	for i := range n {
		row := actions[i*d : (i+1)*d]
		philox.Normals(m.seed, uint64(k*(m.h+1)), (first+i)*d, row)
		for j, e := range row {
			row[j] = min(1, max(-1, float32(mean[j])+float32(std[j])*e))
		}
	}
	returns := make([]float64, n)
	if err := m.Score(m.feature, actions, n, m.h, returns, nil); err != nil {
		return err
	}
	for i, r := range returns {
		m.returns[first+i] = float32(r)
	}
	return m.after("SearchRange")
}

// FitElites takes the best, by looking how many are better.
func (m *Searching) FitElites(elites int, floor float64, mean, std []float64) (float64, error) {
	weights := make([]float32, len(m.returns))
	for i, r := range m.returns {
		better := 0
		for j, other := range m.returns {
			if other > r || other == r && j < i {
				better++
			}
		}
		if better < elites {
			weights[i] = 1 / float32(elites)
		}
	}
	return m.fit(weights, floor, mean, std), m.after("FitElites")
}

// FitSoftmax takes all.
func (m *Searching) FitSoftmax(gamma float64, mean, std []float64) (float64, error) {
	top, sum := float32(math.Inf(-1)), float32(0)
	for _, r := range m.returns {
		top = max(top, r)
	}
	weights := make([]float32, len(m.returns))
	for i, r := range m.returns {
		weights[i] = float32(math.Exp(float64(float32(gamma) * (r - top))))
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
	return m.fit(weights, 0, mean, std), m.after("FitSoftmax")
}

func (m *Searching) fit(weights []float32, floor float64, mean, std []float64) float64 {
	d, value := len(mean), float32(0)
	for j := range d {
		var sum, square float32
		for i, w := range weights {
			sum += w * m.actions[i*d+j]
		}
		for i, w := range weights {
			e := m.actions[i*d+j] - sum
			square += w * e * e
		}
		mean[j], std[j] = float64(sum), math.Sqrt(float64(square)+floor)
	}
	for i, r := range m.returns {
		value += weights[i] * r
		if r-r != 0 {
			return math.NaN()
		}
	}
	return float64(value)
}

func (m *Searching) after(method string) error {
	if m.After == nil {
		return nil
	}
	return m.After(method, m.returns)
}

// testSearch compares the plans made with a model that searches by itself with
// those of one that scores only.
func testSearch(t *testing.T, kind planning.Kind) {
	for _, horizon := range []int{1, 12} {
		var plans [2]*planning.Plan
		for i, model := range []planning.Model{PointMass(0), &Searching{Model: PointMass(0)}} {
			p := problem(9)
			p.Model, p.Horizon = model, horizon
			plan, err := kind.New().Plan(context.Background(), p)
			if err != nil {
				t.Fatal(err)
			}
			plans[i] = plan
		}
		for step, row := range plans[0].Actions {
			for j, want := range row {
				if got := plans[1].Actions[step][j]; math.Abs(got-want) > 1e-3 {
					t.Errorf("horizon %d: action %d of step %d is %g by the model's own search, else %g", horizon, j, step, got, want)
				}
			}
		}
	}
	testSearchFailure(t, kind)
}

// testSearchFailure lets every call of a search fail, spoils its returns, and ends
// the context in it.
func testSearchFailure(t *testing.T, kind planning.Kind) {
	used := map[string]bool{}
	plan := func(ctx context.Context, after func(method string, returns []float32) error) (*planning.Plan, error) {
		p := problem(9)
		p.Model = &Searching{Model: PointMass(0), After: after}
		return short(t, kind).Plan(ctx, p)
	}
	if _, err := plan(context.Background(), func(method string, _ []float32) error { used[method] = true; return nil }); err != nil {
		t.Fatal(err)
	}
	for method := range used {
		_, err := plan(context.Background(), func(name string, _ []float32) error {
			if name == method {
				return ErrBroken
			}
			return nil
		})
		if !errors.Is(err, ErrBroken) {
			t.Errorf("%s fails: got %v", method, err)
		}
	}
	if !used["SearchRange"] {
		return
	}
	for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		_, err := plan(context.Background(), func(method string, returns []float32) error {
			if method == "SearchRange" {
				returns[len(returns)-1] = float32(bad)
			}
			return nil
		})
		if wrong := (*planning.NonFiniteError)(nil); !errors.As(err, &wrong) || wrong.Planner != kind.Name {
			t.Errorf("a return is %g: got %v, want a NonFiniteError", bad, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	early, err := plan(ctx, func(method string, _ []float32) error { cancel(); return nil })
	if !errors.Is(err, context.Canceled) || early == nil {
		t.Errorf("cancelled in the first call: got %v and %v, want a plan and the context's error", early, err)
	}
}
