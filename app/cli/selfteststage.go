package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

// stage is one part of a self-test.
type stage struct {
	name, title string
	share       int // of the time, relative to the others
	run         func(ctx context.Context) (verdict, error)
}

// verdict is what came out of a stage. left is what there was no time for.
type verdict struct {
	failed bool
	left   []string
}

func (v verdict) print(out io.Writer, name string) {
	word := "passed"
	if v.failed {
		word = "FAILED"
	}
	fmt.Fprintf(out, "%s: %s\n", word, name)
	if len(v.left) > 0 {
		fmt.Fprintf(out, "left out for lack of time: %s\n", strings.Join(v.left, ", "))
	}
}

// chooseStages takes the stages named in a list, all for "".
func chooseStages(all []stage, list string) ([]stage, error) {
	if list == "" {
		return all, nil
	}
	var chosen []stage
	for _, name := range strings.Split(list, ",") {
		i := slices.IndexFunc(all, func(s stage) bool { return s.name == name })
		if i < 0 {
			return nil, usagef("-stages: no stage %q", name)
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// budget is the time of a self-test.
type budget struct {
	limit   time.Duration // 0 is none
	overrun time.Duration // a stage may go on behind its end: one measurement, one group of tests
	began   time.Time

	mu    sync.Mutex
	until time.Time // the present stage's end
}

func (b *budget) begin() { b.began, b.until = time.Now(), time.Now().Add(b.limit) }

func (b *budget) used() time.Duration { return time.Since(b.began) }

// give is the time of the first of the stages left: its share of what is left.
func (b *budget) give(ctx context.Context, left []stage) (context.Context, context.CancelFunc) {
	if b.limit == 0 {
		return context.WithCancel(ctx)
	}
	sum := 0
	for _, s := range left {
		sum += s.share
	}
	mine := (b.limit - b.used()) * time.Duration(left[0].share) / time.Duration(sum)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.until = time.Now().Add(mine)
	return context.WithDeadline(ctx, b.until)
}

// overdue tells when a stage has not ended long after its time; never without a
// limit.
func (b *budget) overdue() <-chan time.Time {
	if b.limit == 0 {
		return nil
	}
	late := make(chan time.Time, 1)
	var look func()
	look = func() {
		b.mu.Lock()
		left := time.Until(b.until.Add(b.overrun))
		b.mu.Unlock()
		if left <= 0 {
			late <- time.Now()
			return
		}
		time.AfterFunc(left, look)
	}
	look()
	return late
}

// results are the verdicts so far; they may be read while a stage runs.
type results struct {
	mu   sync.Mutex
	now  string
	list []outcome
}

type outcome struct {
	name string
	verdict
}

func (r *results) begin(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = name
}

func (r *results) end(name string, v verdict) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, outcome{name, v})
}

func (r *results) present() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *results) failed() (names []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, x := range r.list {
		if x.verdict.failed {
			names = append(names, x.name)
		}
	}
	return names
}

// print sums up.
func (r *results) print(out io.Writer, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var passed, failed, left []string
	for _, x := range r.list {
		if x.verdict.failed {
			failed = append(failed, x.name)
		} else {
			passed = append(passed, x.name)
		}
		for _, l := range x.left {
			left = append(left, x.name+": "+l)
		}
	}
	fmt.Fprintf(out, "\nSummary\npassed: %s\n", listed(passed, ", "))
	fmt.Fprintf(out, "failed: %s\n", listed(failed, ", "))
	fmt.Fprintf(out, "left out: %s\n", listed(left, "; "))
	fmt.Fprintf(out, "took %.0f s\n", took.Seconds())
}

func listed(names []string, between string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, between)
}
