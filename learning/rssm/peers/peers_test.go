package peers

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
)

var update = flag.Bool("update", false, "write reference.json anew, with PyTorch in double precision")

// What the programs compute from made-up numbers is the reference.
func TestProgramsAgree(t *testing.T) {
	ctx := t.Context()
	all, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range Programs() {
		if p.variant == "compiled" {
			continue // its check is the eager one's
		}
		t.Run(p.Name, func(t *testing.T) {
			python := interpreter(t, p)
			presets := []string{"paper"} // the other is compared by TestProgramsWork
			if *update {
				presets = append(presets, "class")
			}
			for _, preset := range presets {
				params := fresh(t, preset)
				peer, err := p.start(ctx, python, params, request{
					Device: "cpu", Threads: 2, Variant: p.variant, Double: true,
					Config: params.Config, Actions: params.ActionDim, LatCo: made, Layout: params.Layout(),
				})
				if err != nil {
					t.Fatal(err)
				}
				defer peer.Close()
				if *update && p.Name == "pytorch" {
					all[preset] = peer.About.Check
				} else if err := equal(preset, peer.About.Check, all[preset]); err != nil {
					t.Error(err)
				}
			}
		})
	}
	if !*update {
		return
	}
	text, err := json.MarshalIndent(all, "", "\t")
	if err == nil {
		err = os.WriteFile("reference.json", append(text, '\n'), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// Every program does every kind of work, and says how long it took.
func TestProgramsWork(t *testing.T) {
	params := fresh(t, "class")
	for _, p := range Programs() {
		t.Run(p.Name, func(t *testing.T) {
			if p.variant == "compiled" {
				t.Skip("compiling takes a minute")
			}
			python := interpreter(t, p)
			for _, w := range []Work{
				{Kind: Step, Batch: 2, Length: 3},
				{Kind: CEM, Samples: 10, Elites: 3, Iterations: 2, Horizon: 3},
				{Kind: LatCo, Plans: 2, Iterations: 2, Horizon: 3},
			} {
				w.LatCo = made
				peer, err := p.Open(t.Context(), Place{Python: python, Device: "cpu", Threads: 2}, params, w)
				if err != nil {
					t.Fatal(err)
				}
				for range 2 {
					if took, err := peer.Run(); err != nil || took <= 0 {
						t.Errorf("%s: %v, %v", w.Kind, took, err)
					}
				}
				if err := peer.Close(); err != nil {
					t.Error(err)
				}
				if _, err := os.Stat(peer.folder); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("%s is left: %v", peer.folder, err)
				}
			}
		})
	}
}

func fresh(t *testing.T, preset string) *rssm.Params {
	c, err := rssm.Preset(preset)
	if err != nil {
		t.Fatal(err)
	}
	params, err := rssm.NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	return params
}

// interpreter is python3, if it has what p needs.
func interpreter(t *testing.T, p Program) string {
	if err := p.Find(t.Context(), "python3"); err != nil {
		t.Skip(err)
	}
	return "python3"
}

// stub is a program in place of an interpreter: it answers every start with a line.
func stub(t *testing.T, script string) string {
	path := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

// What a program says wrong, or cannot say, is an error that tells which and why.
func TestOpenErrors(t *testing.T) {
	params := fresh(t, "paper")
	for _, x := range []struct{ name, script, want string }{
		{"raises", `read request; echo '{"error": "no GPU here"}'`, "PyTorch: no GPU here"},
		{"dies", `echo first >&2; echo 'ImportError: no numbers' >&2; exit 1`, "ended: ImportError: no numbers"},
		{"babbles", `read request; echo hello`, "reading its answer"},
		{"smaller", `read request; echo '{"parameters": 7}'; read again`, "it has 7 parameters, ours 5296020"},
		{"other work", `read request; echo '{"parameters": 5296020, "check": {}}'; read again`, "it does not do the same work"},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := Programs()[0].Open(t.Context(), Place{Python: stub(t, x.script), Device: "cpu"}, params, Work{Kind: Step})
			if err == nil || !strings.Contains(err.Error(), x.want) {
				t.Errorf("%v, want %s", err, x.want)
			}
		})
	}
}

// The sources are Python, frameworks or not.
func TestSourcesParse(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to read them")
	}
	const parse = "import ast, sys\nfor name in sys.argv[1:]: ast.parse(open(name).read(), name)"
	args := []string{"-c", parse}
	for _, pattern := range []string{"python/*.py", "python/*/*.py"} {
		names, err := filepath.Glob(pattern)
		if err != nil || len(names) == 0 {
			t.Fatal(pattern, err)
		}
		args = append(args, names...)
	}
	if out, err := exec.Command(python, args...).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

// A program that computes the reference is opened, timed by its own clock, and leaves
// nothing behind; one that is killed with its context says so instead of hanging.
func TestRun(t *testing.T) {
	params := fresh(t, "paper")
	all, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	about, err := json.Marshal(About{Version: "1", Device: "paper", Parameters: len(params.Values), Check: all["paper"]})
	if err != nil {
		t.Fatal(err)
	}
	python := stub(t, "read request; echo '"+string(about)+"'; while read line; do echo '{\"ms\": 12.5}'; done; echo bye >&2")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var opened []*Peer
	for range 2 {
		peer, err := Programs()[0].Open(ctx, Place{Python: python, Device: "cpu", Threads: 1}, params, Work{Kind: Step})
		if err != nil {
			t.Fatal(err)
		}
		opened = append(opened, peer)
		for range 3 {
			if took, err := peer.Run(); err != nil || took != 12500*time.Microsecond {
				t.Errorf("%v, %v", took, err)
			}
		}
	}
	if err := opened[0].Close(); err != nil {
		t.Error(err)
	}
	stop()
	for err = error(nil); err == nil; _, err = opened[1].Run() {
	}
	if !strings.Contains(err.Error(), "the program ended") {
		t.Errorf("killed: %v", err)
	}
	if err := opened[1].Close(); err != nil {
		t.Error(err)
	}
	for _, p := range opened {
		if _, err := os.Stat(p.folder); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", p.folder, err)
		}
	}
}

// A preset that the programs do not have is refused before anything is started.
func TestUnsupported(t *testing.T) {
	var unsupported *UnsupportedError
	if _, err := Programs()[0].Open(t.Context(), Place{Python: "/nowhere"}, fresh(t, "planet"), Work{}); !errors.As(err, &unsupported) {
		t.Errorf("planet: %v", err)
	}
}

// An interpreter that lacks a module is told from one that does not run.
func TestFind(t *testing.T) {
	p := Programs()[2]
	var missing *MissingError
	if err := p.Find(context.Background(), stub(t, "exit 3")); !errors.As(err, &missing) || !strings.Contains(err.Error(), "pip install jax") {
		t.Errorf("no module: %v", err)
	}
	if err := p.Find(context.Background(), filepath.Join(t.TempDir(), "none")); err == nil || errors.As(err, &missing) {
		t.Errorf("no interpreter: %v", err)
	}
}

// Compare takes float32's rounding and nothing more, and no NaN.
func TestCompare(t *testing.T) {
	all, err := Reference()
	if err != nil {
		t.Fatal(err)
	}
	for preset, want := range all {
		for name := range want {
			for _, factor := range []float64{1 + 0.5*Tolerance(name), 1 + 2*Tolerance(name), math.NaN()} {
				got := map[string][]float64{}
				for k, v := range want {
					got[k] = append([]float64(nil), v...)
				}
				got[name][0] *= factor
				if err := Compare(preset, got); (err == nil) != (factor < 1+Tolerance(name)) {
					t.Errorf("%s, %s × %g: %v", preset, name, factor, err)
				}
			}
		}
	}
	if err := Compare("none", nil); err == nil {
		t.Error("a preset without reference is not compared")
	}
}
