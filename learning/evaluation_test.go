package learning

import (
	"fmt"
	"strings"
	"testing"
)

// Evaluations come when they are due, by frames and by updates, the seeds are the
// same each time, and metrics hold all counters beside what was obtained.
func TestEvaluationsOnSchedule(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Sparse = true
	opts.Settings.EvalFrames, opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 100, 20, 2
	var last Progress
	opts.Progress = func(p Progress) { last = p }
	runToEnd(t, opts)
	ms, err := ReadMetrics(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	wall := 0.0
	for _, m := range ms {
		if m.WallS < wall || wall == 0 && m.Updates > 0 && m.WallS == 0 {
			t.Errorf("wall time %g after %g", m.WallS, wall)
		}
		wall = m.WallS
		if m.Kind != "evaluation" {
			continue
		}
		got = append(got, fmt.Sprintf("%d:%d/%d/%d:%d", m.Evaluations, m.Updates, m.Frames, m.Episodes, m.Seed))
		if m.Return != m.SparseReturn || m.ShapedReturn != -m.SparseReturn || m.Return == 0 {
			t.Errorf("%+v", *m.EpisodeMetric)
		}
	}
	// Episodes of 40 frames; 6 updates, then an episode and 4 updates in turn. 120
	// frames pass 100, 200 is reached as it is, 20 and 40 updates are.
	want := "1:6/120/3:-1 2:6/120/3:-2 3:14/200/5:-1 4:14/200/5:-2 5:20/240/6:-1 6:20/240/6:-2 7:40/240/6:-1 8:40/240/6:-2"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("evaluated at\n%s, want\n%s", s, want)
	}
	if last.Status != Done || last.Evaluation == nil || last.Evaluation.Seed != -2 || last.Evaluations != 8 {
		t.Errorf("ended with %+v", last)
	}
}

// A run that is no longer to be evaluated forgets the evaluation that was due.
func TestEvaluationSwitchedOff(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 20, 2
	opts.Settings.Updates = 20
	runToEnd(t, opts)
	c, path, err := LoadNewest(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	c.EvaluationsDue = 1 // as if it had been killed in between
	if _, err := SaveCheckpoint(opts.Out, c, 0); err != nil {
		t.Fatal(path, err)
	}
	opts.Resume, opts.Evaluator, opts.Settings.EvalEpisodes, opts.Settings.Updates = true, nil, 0, 22
	runToEnd(t, opts)
	if ms, err := ReadMetrics(opts.Out); err != nil || ms[len(ms)-1].Evaluations != 2 {
		t.Errorf("%+v, %v", ms[len(ms)-1], err)
	}
}
