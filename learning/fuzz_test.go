package learning

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
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
		if err != nil {
			fileError(t, err)
		} else if lines := bytes.Count(file, []byte("\n")); len(ms) != lines {
			t.Fatalf("%d metrics of %d lines", len(ms), lines)
		}
	})
}

func fileError(t *testing.T, err error) {
	t.Helper()
	if _, ok := err.(*FileError); !ok {
		t.Fatalf("an error that is no *FileError: %v", err)
	}
}
