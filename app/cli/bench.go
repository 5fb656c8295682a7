package cli

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"time"

	"github.com/latco-studio/latco/learning/device/openblas"
)

// measurement is one named benchmark: set up once, then run several times.
type measurement struct {
	name string
	note string
	runs int // at most; slow ones are run less often
	open func() (timed, error)
	// alone says that all of it happens on the calling thread, whose processor time
	// is then measured.
	alone bool

	// beside is measured in turn with it, so that a machine that is busy with
	// something else slows both; its name is "" if there is none.
	beside struct{ name, note string }
	// compare puts the ratio of times, this one by the one beside, into words for the
	// note. It is of the fastest runs: what else the machine does slows some runs, but
	// seldom all.
	compare func(ratio float64) string
}

// timed is what is timed, and a function that cleans up.
type timed struct {
	run    func() error
	beside func() error // nil if there is nothing beside
	close  func()
}

var began = time.Now()

// patience is the time for one measurement, if three runs take no longer.
const patience = 4 * time.Second

// result is one line of latco bench; times are of one run.
type result struct {
	Name     string  `json:"name"`
	MedianMS float64 `json:"median_ms"`
	MinMS    float64 `json:"min_ms"`
	MaxMS    float64 `json:"max_ms"`
	Runs     int     `json:"runs"`
	Note     string  `json:"note"`
}

func runBench(ctx context.Context, c *call) error {
	_ = openblas.Use() // as every other command has it
	fs := c.flags()
	pattern := fs.String("run", ".", "only measurements whose name matches this `regexp`")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	match, err := regexp.Compile(*pattern)
	if err != nil {
		return usagef("-run: %v", err)
	}
	p := newProgress(c, "measurements")
	defer p.done()
	list := slices.DeleteFunc(measurements(), func(m measurement) bool {
		return !match.MatchString(m.name) && (m.beside.name == "" || !match.MatchString(m.beside.name))
	})
	results := []result{}
	for i, m := range list {
		p.report(i, len(list), m.name)
		rs, err := m.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		for _, r := range rs {
			if match.MatchString(r.Name) {
				results = append(results, r)
			}
		}
	}
	p.report(len(list), len(list), "")
	if *asJSON {
		return printJSON(c.out, results)
	}
	tw := table(c.out)
	fmt.Fprintln(tw, "name\tmedian ms\tmin\tmax\truns\tnote")
	for _, r := range results {
		fmt.Fprintf(tw, "%s\t%.3g\t%.3g\t%.3g\t%d\t%s\n", r.Name, r.MedianMS, r.MinMS, r.MaxMS, r.Runs, r.Note)
	}
	return tw.Flush()
}

// measure runs once to warm up and then m.runs times.
func (m measurement) measure(ctx context.Context) ([]result, error) {
	what, err := m.open()
	if err != nil {
		return nil, err
	}
	defer what.close()
	functions := []func() error{what.run}
	if what.beside != nil {
		functions = append(functions, what.beside)
	}
	clock := func() time.Duration { return time.Since(began) }
	if m.alone {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		clock = threadTime
	}
	ms := make([][]float64, len(functions))
	first := time.Now()
	for i := -1; i < m.runs && (i < 3 || time.Since(first) < patience); i++ {
		for k, run := range functions {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			start := clock()
			if err := run(); err != nil {
				return nil, err
			}
			if i >= 0 {
				ms[k] = append(ms[k], float64(clock()-start)/float64(time.Millisecond))
			}
		}
	}
	results := []result{summary(m.name, m.note, ms[0])}
	if what.beside != nil {
		results = append(results, summary(m.beside.name, m.beside.note, ms[1]))
		results[0].Note += m.compare(results[0].MinMS / results[1].MinMS)
	}
	return results, nil
}

func summary(name, note string, ms []float64) result {
	ms = slices.Sorted(slices.Values(ms))
	return result{name, ms[len(ms)/2], ms[0], ms[len(ms)-1], len(ms), note}
}
