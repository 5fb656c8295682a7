package main

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// latco is the built program, made once for all tests of this package.
var latco string

func TestMain(m *testing.M) { os.Exit(withProgram(m)) }

func withProgram(m *testing.M) int {
	dir, err := os.MkdirTemp("", "latco")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	latco = filepath.Join(dir, "latco")
	if out, err := exec.Command("make", "-s", "build", "BIN="+latco).CombinedOutput(); err != nil {
		panic(string(out))
	}
	return m.Run()
}

// run starts the program in the C locale of containers with a data folder of
// its own, and returns what it printed and its exit code.
func run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(latco, args...)
	cmd.Env = append(os.Environ(), "LANG=C.UTF-8", "LC_ALL=", "LANGUAGE=", "LATCO_HOME="+t.TempDir())
	cmd.Stdout, cmd.Stderr = &out, &errs
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

func TestListsAreOneJSONDocument(t *testing.T) {
	for cmd, keys := range map[string][]string{
		"tasks":    {"name", "title", "group", "action_dim", "obs_dim", "horizon", "replan", "episode_steps", "action_repeat", "success", "has_script"},
		"planners": {"name", "title", "needs", "settings"},
		"models":   {"name", "task", "kind", "preset", "updates", "frames", "episodes", "seed", "bytes", "sha256", "command", "eval"},
	} {
		out, errs, code := run(t, cmd, "-json")
		if code != 0 || errs != "" {
			t.Errorf("latco %s -json: exit %d, stderr %q", cmd, code, errs)
			continue
		}
		var list []map[string]any
		if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) == 0 {
			t.Errorf("latco %s -json: %v, %d entries", cmd, err, len(list))
			continue
		}
		for _, key := range keys {
			if _, ok := list[0][key]; !ok {
				t.Errorf("latco %s -json: no key %q in %v", cmd, key, list[0])
			}
		}
	}
}

// TestBadUse checks exit codes and that one line on stderr names the thing.
func TestBadUse(t *testing.T) {
	foreign := filepath.Join(t.TempDir(), "foreign.latco")
	if err := os.WriteFile(foreign, []byte("this is no model"), 0o644); err != nil {
		t.Fatal(err)
	}
	empty := t.TempDir()
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"fly"}, 2, "no such command"},
		{[]string{"eval", "-episode", "3"}, 2, "episode"},
		{[]string{"eval", "-episodes", "0"}, 2, "at least 1"},
		{[]string{"render", "-size", "big", "-out", "x.png"}, 2, "WxH"},
		{[]string{"rollout", "-task", "juggling"}, 1, "known: lottery"},
		{[]string{"eval", "-planner", "oracle", "-episodes", "1"}, 1, "latco, gaussian-latco, cem, mppi"},
		{[]string{"eval", "-set", "iterations=-4", "-episodes", "1"}, 1, "iterations"},
		{[]string{"eval", "-set", "iteration=4", "-episodes", "1"}, 1, "iterations"},
		{[]string{"eval", "-model", foreign, "-episodes", "1"}, 1, "foreign.latco"},
		{[]string{"eval", "-model", "nowhere", "-episodes", "1"}, 1, "nowhere"},
		{[]string{"train", "-data", empty, "-out", filepath.Join(empty, "run")}, 1, "data set"},
		{[]string{"train", "-preset", "huge", "-out", filepath.Join(empty, "run")}, 1, "class"},
		{[]string{"eval", "-device", "cuda", "-episodes", "1"}, 1, "cuda"},
	} {
		out, errs, code := run(t, c.args...)
		if code != c.code || !strings.Contains(errs, c.want) {
			t.Errorf("latco %v: exit %d, stderr %q; want exit %d and %q", c.args, code, errs, c.code, c.want)
		}
		if strings.Count(errs, "\n") != 1 || !strings.HasPrefix(errs, "latco: ") {
			t.Errorf("latco %v: stderr is not one line of latco's: %q", c.args, errs)
		}
		if out != "" {
			t.Errorf("latco %v: stdout %q", c.args, out)
		}
	}
}

func TestHelpHasAnExample(t *testing.T) {
	for _, cmd := range []string{"tasks", "planners", "models", "rollout", "render", "collect", "data", "score", "train", "eval", "plan", "pack", "bench", "version"} {
		out, _, code := run(t, cmd, "-h")
		if code != 0 || !strings.Contains(out, "Example: latco "+cmd) {
			t.Errorf("latco %s -h: exit %d, %q", cmd, code, out)
		}
	}
}

// TestSameSeedSameRollout runs the scripted policy twice.
func TestSameSeedSameRollout(t *testing.T) {
	args := []string{"rollout", "-task", "lottery", "-policy", "scripted", "-seed", "5", "-steps", "40", "-json"}
	first, errs, code := run(t, args...)
	if code != 0 || strings.Count(first, "\n") != 41 {
		t.Fatalf("exit %d, %d lines, stderr %q", code, strings.Count(first, "\n"), errs)
	}
	if second, _, _ := run(t, args...); second != first {
		t.Error("the same seed gave another rollout")
	}
	if other, _, _ := run(t, "rollout", "-policy", "scripted", "-seed", "6", "-steps", "40"); other == first {
		t.Error("another seed gave the same rollout")
	}
}

// TestPlanWritesEverything plans shortly and looks for the files of CLI.md.
func TestPlanWritesEverything(t *testing.T) {
	dir := t.TempDir()
	_, errs, code := run(t, "plan", "-planner", "latco", "-set", "iterations=10", "-set", "horizon=8", "-set", "replan=8", "-out", dir)
	if code != 0 {
		t.Fatalf("exit %d: %s", code, errs)
	}
	for _, name := range []string{"plan.png", "model.png", "real.png", "plan.gif"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() < 500 {
			t.Errorf("%s: %v", name, err)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "plan.json"))
	if err != nil {
		t.Fatal(err)
	}
	var plan struct {
		Iterations []struct {
			K                                                int
			Reward, Dyn_violation, Act_violation, Lambda, Nu []float64
		}
		Actions          [][]float64
		Predicted_return float64
		Wall_ms          float64
	}
	if err := json.Unmarshal(text, &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Iterations) < 10 || len(plan.Actions) != 8 || len(plan.Actions[0]) != 2 || plan.Wall_ms <= 0 {
		t.Errorf("%d iterations, %d actions, %g ms", len(plan.Iterations), len(plan.Actions), plan.Wall_ms)
	}
	for _, it := range plan.Iterations {
		if len(it.Reward) != 8 || len(it.Dyn_violation) != 8 || len(it.Act_violation) != 8 || len(it.Lambda) != 8 || len(it.Nu) != 8 {
			t.Fatalf("iteration %d has arrays of another length than the horizon", it.K)
		}
	}
}

// TestWithoutDisplay opens the window where there is none to be had.
func TestWithoutDisplay(t *testing.T) {
	var errs bytes.Buffer
	cmd := exec.Command(latco)
	cmd.Env = append(os.Environ(), "DISPLAY=", "WAYLAND_DISPLAY=", "LATCO_HOME="+t.TempDir())
	cmd.Stderr = &errs
	if err := cmd.Run(); err == nil || cmd.ProcessState.ExitCode() != 1 {
		t.Errorf("ended with %v, want exit 1", err)
	}
	for _, part := range []string{"latco: window: ", "display", "apt-get install", "latco help"} {
		if !strings.Contains(errs.String(), part) {
			t.Errorf("stderr %q does not contain %q", errs.String(), part)
		}
	}
	if strings.Contains(errs.String(), "goroutine") {
		t.Errorf("a panic: %s", errs.String())
	}
}

// TestNeedsOnlyTheSystemsLibraries: the program must start, and speak, where
// OpenGL, X11, oneDNN or MuJoCo are missing.
func TestNeedsOnlyTheSystemsLibraries(t *testing.T) {
	file, err := elf.Open(latco)
	if err != nil {
		t.Skip("not an ELF program, so not Linux: ", err)
	}
	defer file.Close()
	libraries, err := file.ImportedLibraries()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range libraries {
		switch name, _, _ := strings.Cut(l, "."); name {
		case "libc", "libm", "libdl", "libpthread", "librt", "ld-linux-x86-64", "ld-linux-aarch64":
		default:
			t.Errorf("does not start without %s", l)
		}
	}
}
