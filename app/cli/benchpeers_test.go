package cli

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/learning/rssm/peers"
	"github.com/latco-studio/latco/planning"
)

// The peers' plan by LatCo is ours: same residuals, same multipliers, same steps. The
// iterate after three steps from a made-up start, of a network with made-up parameters.
func TestPlanOfThePeersReference(t *testing.T) {
	reference, err := peers.Reference()
	if err != nil {
		t.Fatal(err)
	}
	for preset, want := range reference {
		t.Run(preset, func(t *testing.T) {
			const horizon, dim = 4, planActions
			dev, err := hostDevice()
			if err != nil {
				t.Fatal(err)
			}
			defer dev.Close()
			model, err := rssm.NewModel(madeUp(t, preset), dev)
			if err != nil {
				t.Fatal(err)
			}
			defer model.Close()
			begin := &planning.Plan{
				Latents: wave(horizon+1, model.FeatureDim(), func(i float64) float64 { return 0.5 * math.Sin(1.7*i) }),
				Actions: wave(horizon, dim, func(i float64) float64 { return 1.2 * math.Cos(0.9*i) }),
			}
			planner, last := planning.NewLatCo(), planning.Iteration{}
			planner.Iterations = 3
			_, err = planner.Plan(t.Context(), &planning.Problem{
				Model: model, Feature: begin.Latents[0], Horizon: horizon, Warm: begin, Rand: rand.New(rand.NewSource(1)),
				Record: func(it planning.Iteration) { last = it },
			})
			if err != nil {
				t.Fatal(err)
			}
			for name, rows := range map[string][][]float64{"planned_latents": last.Latents, "planned_actions": last.Actions} {
				got, w := digest(rows), want[name]
				for i := range got {
					if !(math.Abs(got[i]-w[i]) <= peers.Tolerance(name)*w[0]) {
						t.Errorf("%s is %.7g, the reference %.7g", name, got, w)
					}
				}
			}
		})
	}
}

// madeUp are the parameters of the reference.
func madeUp(t *testing.T, preset string) *rssm.Params {
	cfg, err := rssm.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	p, err := rssm.NewParams(cfg, planActions, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range p.Layout() {
		width := math.Min(0.4, 1.5/math.Sqrt(float64(x.Len()/x.Shape[len(x.Shape)-1])))
		if len(x.Shape) == 1 {
			width = 0.1
		}
		for i := x.Offset; i < x.Offset+x.Len(); i++ {
			p.Values[i] = float32(width * math.Sin(0.7*float64(i)+0.3))
		}
	}
	return p
}

func wave(rows, cols int, f func(i float64) float64) [][]float64 {
	out := make([][]float64, rows)
	for r := range out {
		for c := range cols {
			out[r] = append(out[r], f(float64(r*cols+c)))
		}
	}
	return out
}

// digest is the norm and the product with a made-up direction of unit length.
func digest(rows [][]float64) []float64 {
	norm, dot, length := 0.0, 0.0, 0.0
	for i, x := range slices.Concat(rows...) {
		d := math.Cos(1.3 * float64(i))
		norm, dot, length = norm+x*x, dot+x*d, length+d*d
	}
	return []float64{math.Sqrt(norm), dot / math.Sqrt(length)}
}

// Others are measured by turns; who fails is told and left out, and the rest goes on.
func TestTurns(t *testing.T) {
	var told []string
	order, closed := "", 0
	runs := func(name string, took time.Duration, failsAt int) *contender {
		n := 0
		return &contender{name: name, note: name,
			run: func() (time.Duration, error) {
				n++
				order += name
				if n == failsAt {
					return 0, errors.New("no more")
				}
				return took, nil
			},
			failed: func(err error) { told = append(told, name+": "+err.Error()) },
			close:  func() error { closed++; return nil },
		}
	}
	m := measurement{name: "a", runs: 3, open: func() (timed, error) {
		return timed{run: func() error { order += "a"; return nil }, close: func() {}}, nil
	}}
	results, err := m.measure(t.Context(), func() []*contender {
		return []*contender{runs("b", 2*briefly, 0), runs("c", briefly/10, 4)}
	})
	if err != nil {
		t.Fatal(err)
	}
	// What is brief runs twice; c fails in its second turn.
	if want := "aabcc" + "aabcc" + "aab" + "aab"; order != want {
		t.Errorf("turns %s, want %s", order, want)
	}
	if len(results) != 2 || results[1].Name != "b" || results[1].Runs != 3 || results[1].MedianMS != 200 {
		t.Errorf("results %+v", results)
	}
	if got, want := results[1].Ratio, 200/results[0].MedianMS; got != want || !strings.Contains(results[1].Note, "× ours") {
		t.Errorf("ratio %g, want %g; note %q", got, want, results[1].Note)
	}
	if !slices.Equal(told, []string{"c: no more"}) || closed != 2 {
		t.Errorf("told %q, closed %d times", told, closed)
	}
}

// What an interpreter lacks is told once, with the package that brings it; one that
// has nothing, or does not run, is an error.
func TestFindPeers(t *testing.T) {
	python := func(script string) string {
		path := filepath.Join(t.TempDir(), "python")
		if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
			t.Fatal(err)
		}
		return path
	}
	find := func(interpreter string) (party *party, told []string, err error) {
		party, err = findPeers(t.Context(), "cpu", interpreter, func(line string) { told = append(told, line) })
		return party, told, err
	}
	// The module that is asked for is the second argument behind -c and its program.
	onlyJAX := python(`[ "$3" = jax ] || exit 3`)
	p, told, err := find(onlyJAX)
	if err != nil || len(p.programs) != 1 || p.programs[0].Name != "jax" {
		t.Errorf("only JAX: %+v, %v", p, err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "-m pip install torch") {
		t.Errorf("told %q", told)
	}
	if _, _, err := find(python("exit 3")); err == nil || !strings.Contains(err.Error(), "pip install jax") {
		t.Errorf("nothing there: %v", err)
	}
	if _, _, err := find(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("an interpreter that is not there is taken")
	}
	if p, told, err := find(""); err != nil || len(p.programs) != 0 || told != nil {
		t.Errorf("no interpreter: %+v, %q, %v", p, told, err)
	}
}

// -run asks for a peer's line by its name, and planet has no peers.
func TestPeersOfMeasurements(t *testing.T) {
	for _, m := range workplace("cpu").measurements() {
		peer := m.matches(regexp.MustCompile(regexp.QuoteMeta(m.name) + "/jax$"))
		want := strings.HasPrefix(m.name, "learn/step/") && !strings.Contains(m.name, "planet") ||
			strings.HasPrefix(m.name, "plan/latco/") || strings.HasPrefix(m.name, "plan/cem/")
		if peer != want {
			t.Errorf("%s has peers: %v", m.name, peer)
		}
	}
}

// A bench that is interrupted does not take it for a peer's failure.
func TestTurnsEndWithTheContext(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	m := measurement{name: "a", runs: 3, open: func() (timed, error) {
		return timed{run: func() error { return nil }, close: func() {}}, nil
	}}
	_, err := m.measure(ctx, func() []*contender {
		return []*contender{{name: "b", run: func() (time.Duration, error) { stop(); return 0, errors.New("killed") },
			failed: func(err error) { t.Error(err) }, close: func() error { return nil }}}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v, want that of the context", err)
	}
}
