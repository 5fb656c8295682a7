package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning"
)

func TestRunsCommand(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"runs", "-in", folder}, 0, "name "},
		{[]string{"runs", "-in", folder, "-json"}, 0, "[]"},
		{[]string{"runs", "-in", folder, "-delete", "x"}, 1, "no such file"},
		{[]string{"runs", "-in", folder, "-delete", "../x"}, 1, "no name for a run"},
		{[]string{"runs", "-in", folder, "-rename", "x"}, 2, "-to go together"},
		{[]string{"runs", "-in", folder, "-compare", "x"}, 2, "two names"},
		{[]string{"runs", "-in", folder, "-compare", "x,y"}, 1, "no checkpoint"},
		{[]string{"runs", "-in", folder, "-compare", "x,y", "-delete", "x"}, 2, "at a time"},
		{[]string{"runs", "-in", folder, "-timelapse", "x"}, 2, "-out go together"},
		{[]string{"runs", "-in", folder, "-timelapse", "x", "-out", "x.gif"}, 1, "no checkpoint"},
	} {
		var out, errs bytes.Buffer
		if code := Main(c.args, &out, &errs, Build{}); code != c.code || !strings.Contains(out.String()+errs.String(), c.says) {
			t.Errorf("%v: exit %d, %s%s", c.args, code, &out, &errs)
		}
	}
	var out, errs bytes.Buffer
	Main([]string{"runs", "-in", folder, "-json"}, &out, &errs, Build{})
	var list []map[string]any
	if err := json.Unmarshal(out.Bytes(), &list); err != nil || list == nil {
		t.Errorf("%s: %v", &out, err)
	}
}

// A run of several tasks has a line for each, and none of their returns mixed.
func TestRunsOfSeveralTasks(t *testing.T) {
	several := &learning.RunInfo{Name: "both"}
	several.SetTasks([]learning.RunTask{{Name: "reach", ActionDim: 4}, {Name: "push", ActionDim: 4}})
	several.Collected = &learning.Obtained{ReturnMean: 505}
	several.ByTask = []learning.TaskObtains{
		{Task: "reach", Obtains: learning.Obtains{Collected: &learning.Obtained{ReturnMean: 1000, SuccessRate: 1}}},
		{Task: "push", Obtains: learning.Obtains{Collected: &learning.Obtained{ReturnMean: 10}, Evaluation: &learning.Obtained{ReturnMean: 33}}},
	}
	var out bytes.Buffer
	if err := printRuns(&out, []*learning.RunInfo{several}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 5 || strings.Contains(out.String(), "505") || !strings.Contains(lines[1], "2 tasks") {
		t.Errorf("%s", &out)
	}
	for i, want := range []string{"reach 1000 100 % – –", "push 10 0 % 33 –"} {
		if got := strings.Join(strings.Fields(lines[2+i]), " "); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
