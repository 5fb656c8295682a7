package engine

import (
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"

	"github.com/latco-studio/latco/planning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Whatever is offered, a thinned series keeps the first, the newest, no more than it
// has room for, in order, and evenly: gaps differ by at most a factor of two.
func TestThinnedKeepsABoundedEvenSelection(t *testing.T) {
	for _, room := range []int{4, 16, maxRecorded} {
		for _, n := range []int{1, 2, room - 1, room, room + 1, 3*room + 7, 5000} {
			r := thinned[planning.Iteration]{room: room}
			for k := range n {
				r.add(planning.Iteration{K: k})
				kept := r.kept
				if kept[0].K != 0 || kept[len(kept)-1].K != k || len(kept) > room {
					t.Fatalf("room %d, after %d: kept %d from %d to %d", room, k, len(kept), kept[0].K, kept[len(kept)-1].K)
				}
			}
			for i := 1; i < len(r.kept)-1; i++ {
				if gap := r.kept[i].K - r.kept[i-1].K; gap != r.stride {
					t.Fatalf("room %d, %d iterations: gap %d at %d, stride %d", room, n, gap, i, r.stride)
				}
			}
			if n > room && len(r.kept) < room/2 {
				t.Errorf("room %d, %d iterations: only %d kept", room, n, len(r.kept))
			}
		}
	}
}

func TestNearestIteration(t *testing.T) {
	its := []planning.Iteration{{K: 0}, {K: 4}, {K: 8}, {K: 9}}
	for k, want := range map[int]int{0: 0, 1: 0, 2: 0, 3: 1, 4: 1, 7: 2, 9: 3, 100: 3} {
		if got := nearest(its, k); got != want {
			t.Errorf("nearest(%d) = %d, want %d", k, got, want)
		}
	}
}

// Intervals from the closed form solved as a quadratic: p with |p̂ − p| =
// z·√(p(1−p)/n).
func TestWilsonSolvesItsEquation(t *testing.T) {
	const z = 1.959963984540054
	for _, c := range []struct{ k, n int }{{0, 10}, {10, 10}, {9, 10}, {47, 100}, {1, 1}} {
		ci := wilson(c.k, c.n)
		p := float64(c.k) / float64(c.n)
		for _, q := range ci {
			gap := math.Abs(p - q)
			if want := z * math.Sqrt(q*(1-q)/float64(c.n)); math.Abs(gap-want) > 1e-9 {
				t.Errorf("%d of %d: bound %g is %g from p, want %g", c.k, c.n, q, gap, want)
			}
		}
		if ci[0] > p || ci[1] < p || ci[0] < 0 || ci[1] > 1 {
			t.Errorf("%d of %d: interval %v", c.k, c.n, ci)
		}
	}
}

func TestMeanStderrMedian(t *testing.T) {
	mean, stderr := meanStderr([]float64{1, 2, 3, 4})
	if mean != 2.5 || math.Abs(stderr-math.Sqrt(5.0/3/4)) > 1e-15 {
		t.Errorf("mean %g ± %g", mean, stderr)
	}
	x := []float64{9, 1, 5, 3}
	if m := median(x); m != 4 || x[0] != 9 {
		t.Errorf("median %g of %v", m, x)
	}
}

func TestInboxMergesOnlyNeighbours(t *testing.T) {
	b := newInbox()
	for _, c := range []Command{Orbit{1, 2}, Orbit{10, 20}, Zoom{1}, Zoom{2}, Orbit{1, 1}, DragMove{1, 1}, DragEnd{},
		DragMove{2, 2}, DragMove{3, 3}, SelectIteration{1}, SelectIteration{5}, Plan{}, Plan{}} {
		b.put(c)
	}
	want := []Command{Orbit{11, 22}, Zoom{3}, Orbit{1, 1}, DragMove{1, 1}, DragEnd{},
		DragMove{3, 3}, SelectIteration{5}, Plan{}, Plan{}}
	if got, asked := b.drain(nil); !reflect.DeepEqual(got, want) || asked != 13 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got, _ := b.drain(nil); len(got) != 0 {
		t.Errorf("drained twice: %v", got)
	}
}

func TestJumpsInWords(t *testing.T) {
	for _, c := range []struct {
		violation []float64
		want      string
	}{
		{[]float64{0, 0, 0}, ""},
		{[]float64{9, 10, 0}, ""}, // up to ten times the threshold is not clear
		{[]float64{0, 11, 0}, "step 2"},
		{[]float64{11, 11, 11, 0}, "steps 1 to 3"},
		{[]float64{11, 0, 0, 11, 11}, "steps 1 and 4 to 5"},
		{[]float64{11, 0, 11, 0, 11}, "steps 1, 3 and 5"},
		{[]float64{11, 0, 11, 0, 11, 0, 11, 11}, "5 of 8 steps"},
	} {
		if got := jumps(c.violation, 1); got != c.want {
			t.Errorf("jumps(%v) = %q, want %q", c.violation, got, c.want)
		}
	}
	if got := jumps([]float64{1e9}, 0); got != "" {
		t.Errorf("without a threshold: %q", got)
	}
}

func TestSpreadHasBothEnds(t *testing.T) {
	for _, c := range []struct {
		total, n int
		want     []int
	}{{0, 5, []int{}}, {3, 5, []int{0, 1, 2}}, {10, 4, []int{0, 3, 6, 9}}, {10, 1, []int{0}}, {1, 3, []int{0}}} {
		if got := spread(c.total, c.n); !reflect.DeepEqual(got, c.want) {
			t.Errorf("spread(%d, %d) = %v, want %v", c.total, c.n, got, c.want)
		}
	}
}

// unrotate undoes the rotation of a quaternion, here by its matrix.
func TestUnrotateIsTheTransposedRotation(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 100 {
		var q [4]float64
		var norm float64
		for i := range q {
			q[i] = rng.NormFloat64()
			norm += q[i] * q[i]
		}
		for i := range q {
			q[i] /= math.Sqrt(norm)
		}
		w, x, y, z := q[0], q[1], q[2], q[3]
		rows := [3][3]float64{
			{1 - 2*(y*y+z*z), 2 * (x*y - w*z), 2 * (x*z + w*y)},
			{2 * (x*y + w*z), 1 - 2*(x*x+z*z), 2 * (y*z - w*x)},
			{2 * (x*z - w*y), 2 * (y*z + w*x), 1 - 2*(x*x+y*y)},
		}
		v := [3]float64{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}
		got := unrotate(q, v)
		for i := range 3 {
			want := rows[0][i]*v[0] + rows[1][i]*v[1] + rows[2][i]*v[2]
			if math.Abs(got[i]-want) > 1e-12 {
				t.Fatalf("component %d is %g, want %g", i, got[i], want)
			}
		}
	}
}

func TestRayMeetsPlane(t *testing.T) {
	r := render.Ray{Origin: [3]float64{0, 0, 2}, Dir: [3]float64{0.6, 0, -0.8}}
	p, ok := meet(r, [3]float64{5, 5, 0}, [3]float64{0, 0, 1})
	if !ok || math.Abs(p[0]-1.5) > 1e-12 || math.Abs(p[2]) > 1e-12 {
		t.Errorf("met at %v, %v", p, ok)
	}
	if _, ok := meet(r, [3]float64{0, 0, 3}, [3]float64{0, 0, 1}); ok {
		t.Error("met a plane behind the eye")
	}
}

// Training seeds are never negative, evaluation's always are, and no two
// episodes of evaluations share one.
func TestEvaluationSeedsAreApart(t *testing.T) {
	seen := map[int64]bool{}
	for _, seed := range []int64{0, 1, 7, seedStride - 1} {
		for _, i := range []int{0, 1, 2, seedStride - 1} {
			s := evaluationSeed(seed, i)
			if s >= 0 || seen[s] {
				t.Errorf("seed %d, episode %d: %d", seed, i, s)
			}
			seen[s] = true
		}
	}
	if checkEvaluationSeed(-1, 1) == nil || checkEvaluationSeed(seedStride, 1) == nil || checkEvaluationSeed(0, 0) == nil {
		t.Error("a seed out of range was accepted")
	}
}

func TestSettingsAreSortedByOwner(t *testing.T) {
	p := new(props)
	parts := p.parts()
	task := parts.Tasks[0]
	s, forTask, err := parts.setups(task, "quick", scheduleOf(task), map[string]string{"iterations": "5", "horizon": "4", "gain": "2"})
	if err != nil {
		t.Fatal(err)
	}
	if s.horizon != 4 || s.replan != 4 || s.number("iterations") != 5 || forTask["gain"] != "2" || len(forTask) != 1 {
		t.Errorf("horizon %d, replan %d, iterations %g, task %v", s.horizon, s.replan, s.number("iterations"), forTask)
	}
	for _, bad := range []map[string]string{{"horizon": "0"}, {"replan": "9", "horizon": "8"}, {"gian": "2"}, {"iterations": "x"}} {
		if _, _, err := parts.setups(task, "quick", scheduleOf(task), bad); err == nil {
			t.Errorf("%v was accepted", bad)
		}
	}
	_, _, err = parts.setups(task, "quick", scheduleOf(task), map[string]string{"gian": "2"})
	if err == nil || !strings.Contains(err.Error(), "horizon, replan, iterations, eps_dyn, gain") {
		t.Errorf("the error of a misspelt key is %v", err)
	}
}

func TestSetupSetIsAllOrNothing(t *testing.T) {
	p := new(props)
	parts := p.parts()
	s := newSetup(parts.Planners[0], scheduleOf(parts.Tasks[0]))
	if err := s.set("replan", "11"); err == nil || s.replan != 8 {
		t.Errorf("replan beyond the horizon: %v, replan %d", err, s.replan)
	}
	if err := s.set("horizon", "5"); err != nil || s.replan != 5 {
		t.Errorf("a shorter horizon: %v, replan %d", err, s.replan)
	}
	c, err := s.clone()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.set("iterations", "3"); err != nil {
		t.Fatal(err)
	}
	if c.horizon != 5 || c.number("iterations") != 20 || s.number("iterations") != 3 {
		t.Errorf("the clone has horizon %d and %g iterations", c.horizon, c.number("iterations"))
	}
}

// The policy's noise is N(0, σ²) before clipping, and none if σ is 0.
func TestExploreAddsClippedNoise(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	if got := explore([]float64{0.5, -2}, 0, rng); got[0] != 0.5 || got[1] != -1 {
		t.Errorf("without noise: %v", got)
	}
	var sum, square float64
	const n = 20000
	for range n {
		d := explore([]float64{0}, 0.3, rng)[0]
		sum += d
		square += d * d
	}
	if std := math.Sqrt(square / n); math.Abs(sum/n) > 0.01 || math.Abs(std-0.3) > 0.01 {
		t.Errorf("noise has mean %g and standard deviation %g", sum/n, std)
	}
}

func TestRolloutPlacesAndClips(t *testing.T) {
	p := new(props)
	var steps []RolloutStep
	err := Rollout(t.Context(), RolloutOptions{Parts: p.parts(), Task: "one", QPos: []float64{0.5},
		Actions: [][]float64{{1}, {-3}}}, func(s RolloutStep) error {
		steps = append(steps, s)
		return nil
	})
	if err != nil || len(steps) != 3 {
		t.Fatalf("%d steps, %v", len(steps), err)
	}
	if steps[0].QPos[0] != 0.5 || steps[1].QPos[0] != 0.55 || steps[2].Action[0] != -1 {
		t.Errorf("steps %+v", steps)
	}
	err = Rollout(t.Context(), RolloutOptions{Parts: p.parts(), Task: "one", QPos: []float64{1, 2}}, func(RolloutStep) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "qpos has 2 numbers, want 1") {
		t.Errorf("a start of the wrong size: %v", err)
	}
}

func TestUnknownPolicy(t *testing.T) {
	if _, err := newPolicy("clever", sim.Task{}); err == nil || !strings.Contains(err.Error(), "zero, random, scripted, mixed") {
		t.Errorf("got %v", err)
	}
	if _, err := newPolicy("scripted", sim.Task{Name: "one"}); err == nil || err.Error() != "task one has no scripted policy" {
		t.Errorf("got %v", err)
	}
}
