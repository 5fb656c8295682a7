package cli

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
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
