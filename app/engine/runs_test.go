package engine

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRunsAreListedComparedRenamedDeleted(t *testing.T) {
	home := t.TempDir()
	folder := RunsFolder(home)
	if runs, err := ListRuns(folder); err != nil || len(runs) != 0 {
		t.Fatalf("%v, %v", runs, err)
	}
	train := func(name, data, deter string, updates int) {
		t.Helper()
		o := TrainOptions{Task: "lottery", Data: data, Updates: updates, Out: filepath.Join(folder, name), Threads: 1, Fields: map[string]string{
			"stoch": "4", "deter": deter, "hidden": "8", "embed_depth": "2", "decoder_units": "8", "reward_units": "8",
			"batch": "2", "length": "10", "log_every": "1", "held_out": "0"}}
		if err := Train(context.Background(), o, nil); err != nil {
			t.Fatal(err)
		}
	}
	data := filepath.Join(folder, "one", "data")
	if _, err := Collect(context.Background(), CollectOptions{Task: "lottery", Policy: "scripted", Episodes: 2, Out: data}, nil); err != nil {
		t.Fatal(err)
	}
	train("one", data, "8", 3)
	train("two", data, "6", 5)

	runs, err := ListRuns(folder)
	if err != nil || len(runs) != 2 || runs[0].Name != "two" || runs[0].Updates != 5 || runs[1].Config.Deter != 8 {
		t.Fatalf("%+v, %v", runs, err)
	}
	c, err := CompareRuns(folder, []string{"one", "two"})
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, d := range c.Differences {
		keys = append(keys, d.Key+"="+strings.Join(d.Values, "|"))
	}
	if !slices.Contains(keys, "deter=8|6") || !slices.Contains(keys, "updates=3|5") || slices.ContainsFunc(keys, func(k string) bool { return strings.HasPrefix(k, "stoch=") }) {
		t.Errorf("differences %v", keys)
	}
	if kl := c.Curves["kl"]; len(kl) != 2 || len(kl[0]) != 3 || len(kl[1]) != 5 || kl[1][4].Updates != 5 {
		t.Errorf("curves %v", c.Curves)
	}

	// Another run learns from the episodes of the first.
	for _, err := range []error{RenameRun(folder, "one", "uno"), DeleteRun(folder, "one")} {
		if err == nil || !strings.Contains(err.Error(), "run two learns from") {
			t.Errorf("error %v", err)
		}
	}
	for _, bad := range []string{"", ".", "..", "a/b", "../two", ".hidden", "a\nb", strings.Repeat("x", 101)} {
		if RenameRun(folder, "two", bad) == nil || DeleteRun(folder, bad) == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
	if err := RenameRun(folder, "two", "dos"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"dos", "one"} {
		if err := DeleteRun(folder, name); err != nil {
			t.Fatal(err)
		}
	}
	if runs, err := ListRuns(folder); err != nil || len(runs) != 0 {
		t.Errorf("%v, %v", runs, err)
	}
}
