package cli

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sanitizer puts a program that plays compute-sanitizer where it is looked for.
func sanitizer(t *testing.T, script string) {
	t.Helper()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, "bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(home, "bin", "compute-sanitizer"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("CUDA_HOME", home)
}

func TestSanitize(t *testing.T) {
	for _, c := range []struct {
		script, tools string
		want          string // of the error, "" none
		report        []string
	}{
		{`echo "$@"; exit 0`, "memcheck", "", []string{"--tool memcheck --error-exitcode 99", "selftest -device cuda -stages kernels,products -budget 0 -out ", "passed: memcheck"}},
		{`[ $2 = memcheck ] || { echo "========= Race"; exit 99; }`, "all", "racecheck, synccheck, initcheck failed",
			[]string{"passed: memcheck", "========= Race", "FAILED: racecheck: it found faults"}},
		{`exit 1`, "synccheck", "synccheck failed", []string{"the tests did not pass: exit status 1"}},
		{`exit 0`, "nothing", `no tool "nothing"`, nil},
	} {
		sanitizer(t, c.script)
		var out bytes.Buffer
		s, err := newSanitation("cuda", c.tools, "")
		if err == nil {
			err = s.do(t.Context(), &call{}, &out)
		}
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s of %q: %v", c.tools, c.script, err)
		}
		for _, want := range c.report {
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s of %q does not say %q:\n%s", c.tools, c.script, want, out.String())
			}
		}
	}
}

func TestWithoutSanitizer(t *testing.T) {
	for _, name := range []string{"/usr/local/cuda", "/opt/cuda"} {
		if _, err := os.Stat(name); err == nil {
			t.Skip("this machine has CUDA in ", name)
		}
	}
	for _, name := range []string{"PATH", "CUDA_HOME", "CUDA_PATH"} {
		t.Setenv(name, "")
	}
	_, err := newSanitation("cuda", "all", "")
	if err == nil || !strings.Contains(err.Error(), "nvidia-cuda-toolkit") {
		t.Errorf("without compute-sanitizer: %v", err)
	}
}

// What a self-test is told wrongly is said before anything runs; an earlier report
// stays. Stages are those of the run under compute-sanitizer, too.
func TestSelftestUsage(t *testing.T) {
	sanitizer(t, `echo "$@"`)
	var errs bytes.Buffer
	nowhere := filepath.Join(t.TempDir(), "no folder", "report.txt")
	if code := Main([]string{"selftest", "-device", "cpu", "-out", nowhere}, io.Discard, &errs, Build{}); code != 1 || !strings.Contains(errs.String(), nowhere) {
		t.Errorf("a report that cannot be written: exit code %d, %s", code, &errs)
	}
	report := filepath.Join(t.TempDir(), "report.txt")
	for flags, wrong := range map[string]bool{
		"-sanitize nothing":                 true,
		"-sanitize memcheck -stages none":   true,
		"-stages speed -bench=false":        true,
		"-stages training -steps 0":         true,
		"-sanitize memcheck -stages graphs": false,
	} {
		if err := os.WriteFile(report, []byte("earlier"), 0o644); err != nil {
			t.Fatal(err)
		}
		var out, errs bytes.Buffer
		code := Main(append(strings.Fields("selftest -device cpu -out "+report), strings.Fields(flags)...), &out, &errs, Build{})
		text, err := os.ReadFile(report)
		if err != nil {
			t.Fatal(err)
		}
		if wrong && (code != 2 || string(text) != "earlier") || !wrong && (code != 0 || !strings.Contains(string(text), "-stages graphs")) {
			t.Errorf("%s: exit code %d, %s; the report is now %q", flags, code, &errs, text)
		}
	}
}
