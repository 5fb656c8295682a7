package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestDataCommand(t *testing.T) {
	home := t.TempDir()
	t.Setenv("LATCO_HOME", home)
	dir, out := filepath.Join(home, "data", "set"), filepath.Join(home, "out")
	document(t, "collect", "-task", "lottery", "-policy", "random", "-episodes", "6", "-out", dir, "-json")
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"data"}, 0, "lottery  random  6"},
		{[]string{"data", "-in", dir, "-list"}, 0, "episode-000005.npz"},
		{[]string{"data", "-in", dir, "-replay", "0,5"}, 0, "150/150"},
		{[]string{"data", "-in", dir, "-export", "0,2-3", "-out", out}, 0, "set-episode-000003.gif"},
		{[]string{"data", "-in", dir, "-export", "1", "-format", "npz", "-out", filepath.Join(out, "one.npz")}, 0, "one.npz"},
		{[]string{"data", "-in", dir, "-export", "1", "-format", "mp4", "-out", out}, 1, "known: gif, npz"},
		{[]string{"data", "-in", dir, "-export", "1"}, 2, "-out go together"},
		{[]string{"data", "-list"}, 2, "-in is required"},
		{[]string{"data", "-in", dir, "-list", "-delete", "1"}, 2, "at a time"},
		{[]string{"data", "-in", dir, "-delete", "3-1"}, 2, "such as 3,7-9"},
		{[]string{"data", "-in", dir, "-delete", "6"}, 1, "the last is 5"},
		{[]string{"data", "-in", dir, "-delete", "1,4-5"}, 0, "deleted 3 of 6 episodes, 3 are left"},
		{[]string{"data", "-in", dir, "-delete", "0-1"}, 1, "episode 1 was removed already"},
		{[]string{"data", "-in", dir, "-export", "all", "-format", "npz", "-out", out}, 0, "set-episode-000000.npz"},
		{[]string{"data", "-in", filepath.Join(home, "none"), "-delete", "1"}, 1, "no such data set"},
	} {
		var text, errs bytes.Buffer
		if code := Main(c.args, &text, &errs, Build{}); code != c.code || !strings.Contains(text.String()+errs.String(), c.says) {
			t.Errorf("%v: exit %d, %s%s", c.args, code, &text, &errs)
		}
	}
	if files, err := os.ReadDir(out); err != nil || len(files) != 3+1+3 {
		t.Errorf("exported %v, %v", files, err)
	}
	var text bytes.Buffer
	Main([]string{"data", "-in", dir, "-list", "-json"}, &text, &bytes.Buffer{}, Build{})
	var list []struct{ Number int }
	if err := json.Unmarshal(text.Bytes(), &list); err != nil || len(list) != 3 || list[1].Number != 2 {
		t.Errorf("%s: %v", &text, err)
	}
	doc := document(t, "data", "-in", dir, "-json")
	if doc["episodes"] != 3.0 || doc["failures"] != 3-doc["successes"].(float64) {
		t.Errorf("after deleting: %v", doc)
	}
}
