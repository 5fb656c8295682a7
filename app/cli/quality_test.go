package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// The table says what was measured of each model, and what was left out.
func TestQualityTable(t *testing.T) {
	errors := make([]learning.Estimate, 50)
	for i := range errors {
		errors[i].Mean = float64(i+1) / 1000
	}
	trained := 2
	measured := learning.Quality{Episodes: 30, Context: 5, Steps: 50, ImageError: errors, MeanError: learning.Estimate{Mean: 0.0255, Stderr: 0.0012},
		Foreseen: learning.RewardQuality{R2: &learning.Estimate{Mean: 0.75, Stderr: 0.04}, MeanError: 1.5}, KL: &learning.Estimate{Mean: 2.25, Stderr: 0.5}}
	quiet := measured
	quiet.KL, quiet.Foreseen.R2 = nil, nil
	res := &engine.QualityResult{Models: []engine.ModelQuality{
		{Model: "a", Task: "lottery", Dynamics: "rssm", Overshooting: 19, Updates: 1500, TrainedOn: &trained, Short: 3, Quality: measured},
		{Model: "b", Task: "lottery", Dynamics: "gru", Updates: 1500, Quality: quiet},
	}}
	var out bytes.Buffer
	if err := (&call{out: &out}).printQuality(res); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{
		"image 10 | image last | image R² | R² ahead", "rssm, overshooting 19 | 1500 | 30 | 0.0010 | 0.0100 | 0.0500 | 0.0255 ± 0.0012 | 0.75 ± 0.04 | 2.25 ± 0.50",
		"gru | 0.0500 | –", "a was trained on 2 of these episodes", "a: 3 episodes too short, 0 damaged",
	} {
		rest := lines[i]
		for _, part := range strings.Split(want, " | ") {
			at := strings.Index(rest, part)
			if at < 0 {
				t.Fatalf("line %d lacks %q in its place:\n%s", i, part, lines[i])
			}
			rest = rest[at+len(part):]
		}
	}
	if strings.Count(lines[2], "–") != 5 {
		t.Errorf("what there is none of is not left out:\n%s", lines[2])
	}
}

func TestQualityUsage(t *testing.T) {
	for _, args := range [][]string{{"quality"}, {"quality", "-model", "lottery"}, {"quality", "-data", "x"}, {"quality", "-model", ""}} {
		var out, errs bytes.Buffer
		if code := Main(args, &out, &errs, Build{}); code != 2 {
			t.Errorf("%v: exit code %d, %s", args, code, &errs)
		}
	}
}
