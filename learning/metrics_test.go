package learning

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMetricsSurviveAKill(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, MetricsName)
	l, err := openMetrics(disk{}, path, Counters{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 5 {
		if err := l.append(Metric{Kind: "update", Updates: i + 1, LossMetric: &LossMetric{Total: float64(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	l.close()
	f, _ := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	fmt.Fprint(f, `{"kind":"upda`)
	f.Close()
	if ms, err := ReadMetrics(dir); err != nil || len(ms) != 5 || ms[4].Total != 4 {
		t.Fatalf("%d lines, %v", len(ms), err)
	}
	if l, err = openMetrics(disk{}, path, Counters{Updates: 3}); err != nil {
		t.Fatal(err)
	}
	l.append(Metric{Kind: "update", Updates: 4})
	l.close()
	ms, err := ReadMetrics(dir)
	if err != nil || len(ms) != 4 || ms[3].LossMetric != nil {
		t.Errorf("after resuming at 3: %+v, %v", ms, err)
	}
	os.WriteFile(path, []byte("{\"kind\":\"update\"}\nhello\n"), 0o644)
	if ms, err := ReadMetrics(dir); !errors.Is(err, ErrCorrupt) || len(ms) != 1 || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("before anybody goes on: %+v, %v", ms, err)
	}
	if l, err = openMetrics(disk{}, path, Counters{Updates: 9, Episodes: 9}); err != nil {
		t.Fatal(err)
	}
	l.close()
	if !errors.Is(l.flaw, ErrCorrupt) || !strings.Contains(l.flaw.Error(), "kept as metrics.jsonl.damaged") {
		t.Errorf("a foreign line: %v", l.flaw)
	}
	if ms, err := ReadMetrics(dir); err != nil || len(ms) != 1 {
		t.Errorf("%+v, %v", ms, err)
	}
	if old, err := os.ReadFile(path + damagedSuffix); err != nil || !strings.Contains(string(old), "hello") {
		t.Errorf("the damaged file: %q, %v", old, err)
	}
}
