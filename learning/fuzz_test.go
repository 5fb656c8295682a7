package learning

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/resources/setting"
)

// Whatever a file holds, a reader returns what it means or a *FileError; it neither
// panics nor makes things up.

func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"latco_dataset": 2, "task": "push", "action_dim": 4, "settings": {"variant": "paper"}, "episodes": [{"file": "episode-000000.npz", "steps": 3}]}`))
	f.Add([]byte(`{"latco_dataset": 1, "action_dim": 1, "episodes": [{"file": "../../x"}]}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := parseManifest(file)
		if err != nil {
			fileError(t, err)
			return
		}
		for _, e := range m.Episodes {
			if filepath.Base(e.File) != e.File || e.Steps < 0 {
				t.Fatalf("entry %+v", e)
			}
		}
	})
}

func FuzzMetrics(f *testing.F) {
	f.Add([]byte("{\"kind\":\"update\",\"updates\":3,\"image\":1}\n{\"kind\":\"episode\",\"return\":2}\n{\"ki"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, MetricsName), file, 0o644); err != nil {
			t.Fatal(err)
		}
		ms, err := ReadMetrics(dir)
		lines := bytes.Count(file, []byte("\n"))
		if err != nil {
			fileError(t, err)
		}
		if len(ms) > lines || (err == nil) != (len(ms) == lines) {
			t.Fatalf("%d metrics of %d lines: %v", len(ms), lines, err)
		}
	})
}

// What a checkpoint says is fuzzed and sealed: what is accepted can be gone on with.
func FuzzCheckpoint(f *testing.F) {
	file := encodedCheckpoint(f, someCheckpoint(f))
	n, err := parsePreamble(file)
	if err != nil {
		f.Fatal(err)
	}
	body := file[preambleSize+n : len(file)-32]
	f.Add(file[preambleSize : preambleSize+n])
	several := someCheckpoint(f)
	several.SetTasks([]RunTask{{Name: "one", ActionDim: 1, Data: "data"}, {Name: "two", ActionDim: 2, Sparse: true}})
	several.Replay[1].Task = 1
	other := encodedCheckpoint(f, several)
	if n, err = parsePreamble(other); err != nil {
		f.Fatal(err)
	}
	f.Add(other[preambleSize : preambleSize+n])
	f.Fuzz(func(t *testing.T, header []byte) {
		c, err := decodeCheckpoint(sealed(header, body))
		if err != nil {
			fileError(t, err)
			return
		}
		if err := errors.Join(c.State.Params.Validate(), c.Settings.Validate()); err != nil || c.Updates < 0 {
			t.Fatalf("accepted %+v: %v", c.Run, err)
		}
		c.Settings = c.Settings.resolved(true)
		s := c.schedule() // must not panic
		s.evaluation(c.Counters)
		s.next(c.Counters)
		c.manifest()
		for _, ref := range c.Replay {
			if tasks := c.Learns(); ref.Task >= len(tasks) || tasks[ref.Task].ActionDim > c.ActionDim {
				t.Fatalf("accepted %+v in %+v", ref, tasks)
			}
		}
	})
}

// Overrides as they are typed: either refused, naming the key, or in range and
// printed as they are read.
func FuzzSettings(f *testing.F) {
	f.Add("reward_share", "0.5")
	f.Add("eval_frames", "-1")
	f.Add("reward", "sparse")
	f.Add("deter", "1e3")
	f.Add("nothing", "")
	f.Fuzz(func(t *testing.T, key, text string) {
		s, cfg := DefaultSettings(), tinyConfig(t)
		for _, fields := range [][]setting.Field{s.Fields(), cfg.Fields()} {
			if err := setting.Set(fields, key, text); err != nil {
				var unknown *setting.UnknownError
				var bad *setting.RangeError
				if !errors.As(err, &unknown) && !(errors.As(err, &bad) && bad.Key == key && bad.Value == text) {
					t.Fatalf("%q = %q: %#v", key, text, err)
				}
				continue
			}
			if err := setting.Check(fields); err != nil {
				t.Fatalf("%q = %q was accepted: %v", key, text, err)
			}
			printed := setting.Map(fields)[key]
			if err := setting.Set(fields, key, printed); err != nil || setting.Map(fields)[key] != printed {
				t.Fatalf("%q = %q prints as %q: %v", key, text, printed, err)
			}
		}
	})
}

// Whatever a lock file says, it is no error of its own.
func FuzzLockOwner(f *testing.F) {
	f.Add([]byte(`{"pid": 3, "since": "2026-01-01T00:00:00Z"}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		var b *BusyError
		if !errors.As(busy("run", bytes.NewReader(file)), &b) || !strings.HasPrefix(b.Error(), "run: in use by ") {
			t.Fatalf("%+v", b)
		}
	})
}

func fileError(t *testing.T, err error) {
	t.Helper()
	if _, ok := err.(*FileError); !ok {
		t.Fatalf("an error that is no *FileError: %v", err)
	}
}
