package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// document runs a command and decodes its JSON document.
func document(t *testing.T, args ...string) map[string]any {
	t.Helper()
	var out, errs bytes.Buffer
	if code := Main(args, &out, &errs, Build{Commit: "abc"}); code != 0 {
		t.Fatalf("latco %v: exit %d: %s", args, code, errs.String())
	}
	var doc map[string]any
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("latco %v: %v: %s", args, err, out.String())
	}
	return doc
}

func TestCollectThenScore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "set")
	doc := document(t, "collect", "-task", "lottery", "-policy", "scripted", "-episodes", "2", "-set", "odds=released", "-out", dir, "-json")
	for key, want := range map[string]any{"episodes": 2.0, "resumed": 0.0, "frames": 300.0, "successes": 2.0, "success_rate": 1.0,
		"floor": 0.0, "solved_at_reset": 0.0, "version": "abc", "policy": "scripted", "reward": "shaped"} {
		if doc[key] != want {
			t.Errorf("collect: %s is %v, want %v", key, doc[key], want)
		}
	}
	if s, _ := doc["settings"].(map[string]any); s["odds"] != "released" || s["p_loss"] == nil {
		t.Errorf("settings %v", doc["settings"])
	}
	if s, _ := doc["simulator"].(string); !strings.HasPrefix(s, "MuJoCo ") {
		t.Errorf("simulator %v", doc["simulator"])
	}
	if doc = document(t, "collect", "-task", "lottery", "-policy", "scripted", "-episodes", "3", "-set", "odds=released", "-out", dir, "-json"); doc["resumed"] != 2.0 || doc["episodes"] != 3.0 {
		t.Errorf("continued: %v", doc)
	}
	// One of them loses its end.
	path := filepath.Join(dir, "episode-000001.npz")
	if err := os.Truncate(path, 5000); err != nil {
		t.Fatal(err)
	}
	doc = document(t, "data", "-in", dir, "-json")
	bad, _ := doc["damaged"].([]any)
	if doc["episodes"] != 3.0 || len(bad) != 1 || !strings.Contains(bad[0].(map[string]any)["reason"].(string), path+": truncated") {
		t.Errorf("data: %v", doc)
	}
	doc = document(t, "score", "-task", "lottery", "-episodes", "5", "-json")
	if list, _ := doc["episodes"].([]any); len(list) != 5 || doc["success_rate"] != 1.0 || doc["policy"] != "scripted" || doc["steps_per_s"].(float64) <= 0 {
		t.Errorf("score: %v", doc)
	}
}

func TestPolicySettingsAreChecked(t *testing.T) {
	for want, args := range map[string][]string{
		"latco: score: policy random has no settings\n":                               {"score", "-policy", "random", "-policy-set", "noise=1"},
		`want key=value, not "noise"`:                                                 {"score", "-policy-set", "noise"},
		"latco: collect: -episodes (at least 1) and -out are required; latco collect": {"collect", "-policy", "random"},
		"latco: score: -episodes 0: at least 1":                                       {"score", "-episodes", "0"},
	} {
		var out, errs bytes.Buffer
		if code := Main(args, &out, &errs, Build{}); code == 0 || !strings.Contains(errs.String(), want) {
			t.Errorf("latco %v: exit %d, %q; want %q", args, code, errs.String(), want)
		}
	}
}
