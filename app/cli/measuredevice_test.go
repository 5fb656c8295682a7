package cli

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda"
)

// What is reached is held against the card's peaks, where there is a card and the
// work is counted.
func TestReach(t *testing.T) {
	card := cuda.Info{Name: "card", Major: 9, Processors: 100, ClockHz: 1e9, MemoryClockHz: 1e9, MemoryBusBytes: 500}
	for _, x := range []struct {
		result
		card   cuda.Info
		ofPeak float64
		says   string
	}{
		{result{GFLOPS: 6400}, card, 0.25, "25 % of the card's float32 peak"}, // 2·128·100·10⁹ operations a second
		{result{GBS: 700}, card, 0.7, "700 GB/s, 70 % of the card's memory"},  // 2·500·10⁹ bytes a second
		{result{GBS: 20}, cuda.Info{}, 0, "20 GB/s"},
		{result{GFLOPS: 100}, cuda.Info{}, 0, ""},
		{result{}, card, 0, ""},
	} {
		r := x.result
		r.reach(x.card)
		if math.Abs(r.OfPeak-x.ofPeak) > 1e-12 || !strings.HasSuffix(r.Note, x.says) || x.says == "" && r.Note != "" {
			t.Errorf("%+v: %g, %q", x.result, r.OfPeak, r.Note)
		}
	}
}

// A device that cannot be had is said before anything is measured.
func TestBenchOfAnUnknownDevice(t *testing.T) {
	var out, errs bytes.Buffer
	if code := Main(strings.Fields("bench -device none -run nothing"), &out, &errs, Build{}); code != 1 || !strings.Contains(errs.String(), `no device "none"`) {
		t.Errorf("exit code %d: %s", code, &errs)
	}
}

// The memory's measurement runs and is counted.
func TestStream(t *testing.T) {
	m := workplace("cpu").stream()
	m.runs = 1
	results, err := m.measure(t.Context(), func() []*contender { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if r := results[0]; r.GBS <= 0 || r.Runs != 1 {
		t.Errorf("%+v", r)
	}
}
