package cli

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// measurement is one named benchmark: set up once, then run several times.
type measurement struct {
	name string
	note string
	runs int
	// open returns the function to time and one that cleans up.
	open func() (run func() error, close func(), err error)
}

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
	list := slices.DeleteFunc(measurements(), func(m measurement) bool { return !match.MatchString(m.name) })
	results := []result{}
	for i, m := range list {
		p.report(i, len(list), m.name)
		r, err := m.measure(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		results = append(results, r)
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
func (m measurement) measure(ctx context.Context) (result, error) {
	run, closeIt, err := m.open()
	if err != nil {
		return result{}, err
	}
	defer closeIt()
	if err := run(); err != nil {
		return result{}, err
	}
	ms := make([]float64, m.runs)
	for i := range ms {
		if err := ctx.Err(); err != nil {
			return result{}, err
		}
		start := time.Now()
		if err := run(); err != nil {
			return result{}, err
		}
		ms[i] = float64(time.Since(start)) / float64(time.Millisecond)
	}
	slices.SortFunc(ms, cmp.Compare)
	return result{m.name, ms[len(ms)/2], ms[0], ms[len(ms)-1], m.runs, m.note}, nil
}
