package cli

import (
	"strings"
	"testing"
	"time"
)

func TestProgressCountsFromTheFirstReport(t *testing.T) {
	var out strings.Builder
	clock := time.Unix(0, 0)
	p := newProgress(&call{err: &out}, "updates")
	p.now = func() time.Time { return clock }
	p.report(100, 200, "")
	clock = clock.Add(9 * time.Second)
	p.report(118, 200, "")
	if out.Len() != 0 {
		t.Fatalf("a line after 9 s: %q", out.String())
	}
	clock = clock.Add(time.Second)
	p.report(120, 200, "loss 3")
	const want = "[##############----------] 120/200 updates, 2.0/s, 40s left, loss 3\n"
	if out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestProgressAlwaysShowsTheEnd(t *testing.T) {
	var out strings.Builder
	p := newProgress(&call{err: &out}, "episodes")
	p.report(0, 3, "")
	p.report(3, 3, "")
	if !strings.Contains(out.String(), "3/3 episodes") {
		t.Errorf("got %q", out.String())
	}
}

// Where a job computes is said once, and again when it turns out to be elsewhere; of a
// CPU that was asked for nothing is said.
func TestProgressSaysWhereOnce(t *testing.T) {
	var out strings.Builder
	c := &call{err: &out}
	for _, unit := range []string{"episodes", "updates"} {
		say := newProgress(c, unit).computing("cuda")
		say("cuda (a card)")
		say("cuda (a card)")
	}
	newProgress(c, "updates").computing("cuda")("cpu")
	newProgress(c, "updates").computing("cpu")("cpu")
	if want := "latco: computing on cuda (a card)\nlatco: computing on cpu\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

// Nothing is said of a rate that nobody knows yet.
func TestProgressBeforeTheFirstIsDone(t *testing.T) {
	var out strings.Builder
	clock := time.Unix(0, 0)
	p := newProgress(&call{err: &out}, "measurements")
	p.now = func() time.Time { return clock }
	p.report(0, 2, "learn")
	clock = clock.Add(10 * time.Second)
	p.report(0, 2, "learn")
	if want := "[" + strings.Repeat("-", 24) + "] 0/2 measurements, learn\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
