package learning

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunInfo(t *testing.T) {
	opts := fakeRun(t, filepath.Join(t.TempDir(), "first"))
	opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 20, 2
	opts.TaskSettings = map[string]string{"variant": "corrected"}
	runToEnd(t, opts)
	r, err := ReadRunInfo(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	ms, err := ReadMetrics(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	var ret, eval float64
	for _, m := range ms {
		switch m.Kind {
		case "episode":
			ret += m.Return / 6
		case "evaluation":
			if m.Updates == 40 {
				eval += m.Return / 2
			}
		}
	}
	if r.Name != "first" || r.Task != "count" || r.Updates != 40 || r.Frames != 240 || r.Problem != "" || r.InUse != "" ||
		r.Losses == nil || r.Collected.Episodes != 6 || abs64(r.Collected.ReturnMean-ret) > 1e-9*abs64(ret) ||
		r.Evaluation.Episodes != 2 || r.Evaluation.ReturnMean != eval || r.Saved.IsZero() {
		t.Errorf("%+v", r)
	}
	if n := int64(largestFile(t, opts.Out)); r.Bytes < 3*n {
		t.Errorf("%d bytes, the largest file has %d", r.Bytes, n)
	}
	if x := r.Texts(); x["task variant"] != "corrected" || x["eval_updates"] != "20" || x["deter"] != "3" {
		t.Errorf("settings %v", x)
	}

	// While it is trained it is as far as its metrics say.
	log, err := openMetrics(disk{}, filepath.Join(opts.Out, MetricsName), r.Counters)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(log.append(Metric{Kind: "update", Updates: 44, LossMetric: &LossMetric{KL: 7}}), log.close()); err != nil {
		t.Fatal(err)
	}
	lock, err := LockFolder(opts.Out, "latco train")
	if err != nil {
		t.Fatal(err)
	}
	if r, err = ReadRunInfo(opts.Out); err != nil || r.Updates != 44 || r.Losses.KL != 7 || !strings.Contains(r.InUse, "latco train") {
		t.Errorf("%+v, %v", r, err)
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}

	// What is damaged is said.
	if err := os.WriteFile(filepath.Join(opts.Out, MetricsName), []byte("what?\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r, err = ReadRunInfo(opts.Out); err != nil || !strings.Contains(r.Problem, MetricsName) || r.Updates != 40 {
		t.Errorf("%+v, %v", r, err)
	}
	if _, err := ReadRunInfo(t.TempDir()); !errors.Is(err, ErrNoRun) {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestRenameAndDeleteRuns(t *testing.T) {
	dir := t.TempDir()
	opts := fakeRun(t, filepath.Join(dir, "[first]"))
	opts.Settings.Updates = 9
	runToEnd(t, opts)
	to, plain := filepath.Join(dir, "second"), filepath.Join(dir, "plain")
	if err := os.MkdirAll(plain, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{RenameRun(opts.Out, plain), RenameRun(plain, to), DeleteRun(plain), DeleteRun(to)} {
		if err == nil {
			t.Error("done, want an error")
		}
	}
	lock, err := LockFolder(opts.Out, "latco train")
	if err != nil {
		t.Fatal(err)
	}
	var busy *BusyError
	for _, err := range []error{RenameRun(opts.Out, to), DeleteRun(opts.Out)} {
		if !errors.As(err, &busy) {
			t.Errorf("while it is trained: %v", err)
		}
	}
	if err := lock.Release(); err != nil {
		t.Fatal(err)
	}
	if err := RenameRun(opts.Out, to); err != nil {
		t.Fatal(err)
	}
	opts.Out, opts.Resume, opts.Settings.Updates = to, true, 12
	runToEnd(t, opts)
	if err := os.MkdirAll(filepath.Join(dir, deletedPrefix+"x", "y"), 0o755); err != nil {
		t.Fatal(err) // as a kill may leave it
	}
	if err := DeleteRun(to); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 || left[0].Name() != "plain" {
		t.Errorf("left %v, %v", left, err)
	}
}

// A run of several tasks says what each came to: rewards of different tasks have no
// mean worth telling.
func TestRunInfoByTask(t *testing.T) {
	opts := severalRun(t, t.TempDir())
	opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 20, 2
	runToEnd(t, opts)
	r, err := ReadRunInfo(opts.Out)
	if err != nil || r.Problem != "" || len(r.ByTask) != 3 {
		t.Fatalf("%+v, %v", r, err)
	}
	ms, err := ReadMetrics(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"one", "three", "two"} {
		var newest, episodes []float64
		last := r.Evaluation.Updates
		for _, m := range ms {
			switch {
			case m.EpisodeMetric == nil || m.Task != name:
			case m.Kind == "episode":
				episodes = append(episodes, m.Return)
			case m.Updates == last:
				newest = append(newest, m.Return)
			}
		}
		got := r.ByTask[i]
		if got.Task != name || got.Evaluation == nil || got.Evaluation.Episodes != len(newest) || got.Evaluation.ReturnMean != meanOf(newest) {
			t.Errorf("%s: %+v, evaluated %v", name, got.Evaluation, newest)
		}
		if want := meanOf(episodes[max(0, len(episodes)-recentEpisodes):]); got.Collected == nil || abs64(got.Collected.ReturnMean-want) > 1e-9*abs64(want) {
			t.Errorf("%s: %+v, collected %v", name, got.Collected, episodes)
		}
	}
}

func meanOf(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x / float64(len(v))
	}
	return sum
}
