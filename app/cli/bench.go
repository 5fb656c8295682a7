package cli

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"github.com/latco-studio/latco/learning/device/openblas"
	"github.com/latco-studio/latco/learning/rssm/peers"
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
	bytes      float64 // through the device's memory; 0 where nobody counts
	open       func() (timed, error)
	// alone says that all of it happens on the calling thread, whose processor time
	// is then measured.
	alone bool
	// parts is of how many equal parts a run consists, one of which is told; 0 is 1.
	parts int

	// beside is measured in turn with it, so that a machine that is busy with
	// something else slows both; its name is "" if there is none.
	beside struct {
		name, note string
		operations float64
		host       bool // computes on the CPU, whatever the device
	}
	// compare puts the ratio of times, this one by the one beside, into words for the
	// note. It is of the fastest runs: what else the machine does slows some runs, but
	// seldom all.
	compare func(ratio float64) string

	// same is the work as other programs are told to do it, on the networks of
	// preset; nil if they do not.
	same   *peers.Work
	preset string
}

// timed is what is timed, and a function that cleans up.
type timed struct {
	run    func() error
	beside func() error // nil if there is nothing beside
	close  func()
}

// matches says whether -run asks for any line of it.
func (m measurement) matches(pattern *regexp.Regexp) bool {
	if m.same != nil {
		for _, p := range peers.Programs() {
			if pattern.MatchString(peerName(m, p)) {
				return true
			}
		}
	}
	return pattern.MatchString(m.name) || m.beside.name != "" && pattern.MatchString(m.beside.name)
}

// result is one line of latco bench; times are of one run.
type result struct {
	Name     string  `json:"name"`
	MedianMS float64 `json:"median_ms"`
	MinMS    float64 `json:"min_ms"`
	MaxMS    float64 `json:"max_ms"`
	Runs     int     `json:"runs"`
	GFLOPS   float64 `json:"gflops,omitempty"`  // of the median, 10⁹ operations a second
	GBS      float64 `json:"gbs,omitempty"`     // of the median, 10⁹ bytes a second
	OfPeak   float64 `json:"of_peak,omitempty"` // share of the GPU's, of those of the two that are given
	Ratio    float64 `json:"ratio,omitempty"`   // of a peer's median by ours
	Note     string  `json:"note"`

	host bool // computed on the CPU, whatever the device
}

func runBench(ctx context.Context, c *call) error {
	_ = openblas.Use() // as every other command has it
	fs := c.flags()
	pattern := fs.String("run", ".", "only measurements whose name matches this `regexp`")
	long := fs.Bool("long", false, "also what takes minutes on a CPU, and is never left out on a GPU: the paper's batch, its CEM of 10000 samples, 16 plans of LatCo")
	python := fs.String("peers", "", "`interpreter` of Python, such as python3, to measure the same work by turns in PyTorch and JAX")
	device := addDevice(fs)
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
	where, err := workplace(*device).settle(p.computing(*device))
	if err != nil {
		return err
	}
	everything := *long || where.onGPU()
	list := slices.DeleteFunc(where.measurements(), func(m measurement) bool {
		return m.long && !everything || !m.matches(match)
	})
	others, err := findPeers(ctx, where, *python, p.warn)
	if err != nil {
		return err
	}
	results, card := []result{}, where.card()
	for i, m := range list {
		say := func(doing string) { p.report(i, len(list), m.name+doing) }
		say("")
		rs, err := m.measure(ctx, others.of(m, match, say))
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		for _, r := range rs {
			if match.MatchString(r.Name) {
				r.reach(card)
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
