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

// verdict is what came out of a stage.
type verdict struct {
	failed bool
	done   int      // parts that were tested
	left   []string // those there was no time for
}

// word is passed, FAILED, or what is neither.
func (v verdict) word() string {
	switch {
	case v.failed:
		return "FAILED"
	case v.done == 0:
		return "not tested"
	}
	return "passed"
}

func (v verdict) print(out io.Writer, name string) {
	fmt.Fprintf(out, "%s: %s\n", v.word(), name)
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
	by := map[string][]string{}
	var left []string
	for _, x := range r.list {
		by[x.word()] = append(by[x.word()], x.name)
		if len(x.left) > 0 {
			left = append(left, fmt.Sprintf("%s (%s)", x.name, strings.Join(x.left, ", ")))
		}
	}
	fmt.Fprint(out, "\nSummary\n")
	for _, word := range []string{"passed", "FAILED", "not tested"} {
		if len(by[word]) > 0 {
			fmt.Fprintf(out, "%s: %s\n", word, strings.Join(by[word], ", "))
		}
	}
	if len(left) > 0 {
		fmt.Fprintf(out, "left out for lack of time: %s\n", strings.Join(left, "; "))
	}
	fmt.Fprintf(out, "took %.0f s\n", took.Seconds())
}
