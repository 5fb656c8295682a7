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
	runs int  // at most; slow ones are run less often
	long bool // minutes on a CPU: only where asked for
	// operations is the number of additions and multiplications of a run; 0 where
	// nobody counts.
	operations float64
	open       func() (timed, error)
	// alone says that all of it happens on the calling thread, whose processor time
	// is then measured.
	alone bool

	// beside is measured in turn with it, so that a machine that is busy with
	// something else slows both; its name is "" if there is none.
	beside struct {
		name, note string
		operations float64
	}
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
	GFLOPS   float64 `json:"gflops,omitempty"` // of the median, 10⁹ operations a second
	Note     string  `json:"note"`
}

func runBench(ctx context.Context, c *call) error {
	_ = openblas.Use() // as every other command has it
	fs := c.flags()
	pattern := fs.String("run", ".", "only measurements whose name matches this `regexp`")
	long := fs.Bool("long", false, "also what takes minutes on a CPU: the paper's CEM of 10000 samples, 16 plans of LatCo")
	device := addDevice(fs)
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	c.tellDevice(*device)
	match, err := regexp.Compile(*pattern)
	if err != nil {
		return usagef("-run: %v", err)
	}
	p := newProgress(c, "measurements")
	defer p.done()
	list := slices.DeleteFunc(workplace(*device).measurements(), func(m measurement) bool {
		return m.long && !*long || !match.MatchString(m.name) && (m.beside.name == "" || !match.MatchString(m.beside.name))
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
	fmt.Fprintln(tw, "name\tmedian ms\tmin\tmax\truns\tGFLOP/s\tnote")
	for _, r := range results {
		rate := ""
		if r.GFLOPS > 0 {
			rate = fmt.Sprintf("%.3g", r.GFLOPS)
		}
		fmt.Fprintf(tw, "%s\t%.3g\t%.3g\t%.3g\t%d\t%s\t%s\n", r.Name, r.MedianMS, r.MinMS, r.MaxMS, r.Runs, rate, r.Note)
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
	for i := -1; m.goesOn(i, len(ms[0]), time.Since(first)); i++ {
		for k, run := range functions {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			start := clock()
			if err := run(); err != nil {
				return nil, err
			}
			if took := clock() - start; i >= 0 || m.long && took > patience {
				ms[k] = append(ms[k], float64(took)/float64(time.Millisecond))
			}
		}
	}
	results := []result{summary(m.name, m.note, m.operations, ms[0])}
	if what.beside != nil {
		results = append(results, summary(m.beside.name, m.beside.note, m.beside.operations, ms[1]))
		results[0].Note += m.compare(results[0].MinMS / results[1].MinMS)
	}
	return results, nil
}

// goesOn says whether there is a run i; run −1 is to warm up. What takes minutes is
// not run again to be warm.
func (m measurement) goesOn(i, measured int, passed time.Duration) bool {
	if m.long && passed > patience {
		return measured == 0
	}
	return i < m.runs && (i < 3 || passed < patience)
}

func summary(name, note string, operations float64, ms []float64) result {
	ms = slices.Sorted(slices.Values(ms))
	median := ms[len(ms)/2]
	return result{name, median, ms[0], ms[len(ms)-1], len(ms), operations / median / 1e6, note}
}
