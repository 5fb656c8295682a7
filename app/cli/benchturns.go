package cli

import (
	"context"
	"runtime"
	"slices"
	"time"
)

var began = time.Now()

// patience is the time for one of those measured together, if three runs take no
// longer.
const patience = 4 * time.Second

// briefly is a run after which another's memory is still where it was.
const briefly = 100 * time.Millisecond

// contender is one of those that are measured by turns.
type contender struct {
	name, note string
	operations float64
	run        func() (time.Duration, error)
	failed     func(err error) // leaves it out; nil: its failure ends the measurement
	close      func() error    // nil: there is nothing to close
	ms         []float64
}

// leave closes c, once.
func (c *contender) leave() {
	if c.close != nil {
		_ = c.close()
		c.close = nil
	}
}

// measure runs all once to warm up and then up to m.runs times, by turns.
func (m measurement) measure(ctx context.Context, open func() []*contender) ([]result, error) {
	what, err := m.open()
	if err != nil {
		return nil, err
	}
	defer what.close()
	clock := func() time.Duration { return time.Since(began) }
	if m.alone {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		clock = threadTime
	}
	timed := func(run func() error) func() (time.Duration, error) {
		return func() (time.Duration, error) {
			start := clock()
			err := run()
			return (clock() - start) / time.Duration(max(1, m.parts)), err
		}
	}
	all := []*contender{{name: m.name, note: m.note, operations: m.operations, run: timed(what.run)}}
	if what.beside != nil {
		all = append(all, &contender{name: m.beside.name, note: m.beside.note, operations: m.beside.operations, run: timed(what.beside)})
	}
	ours, others := len(all), open()
	defer func() {
		for _, c := range others {
			c.leave()
		}
	}()
	done, err := m.turns(ctx, append(all, others...), ours)
	if err != nil {
		return nil, err
	}
	var results []result
	for _, c := range done {
		results = append(results, summary(c.name, c.note, c.operations, c.ms))
	}
	results[0].GBS = m.bytes / results[0].MedianMS / 1e6
	if what.beside != nil {
		results[1].host = m.beside.host
		results[0].Note += m.compare(results[0].MinMS / results[1].MinMS)
	}
	for i := range results[ours:] {
		results[ours+i].compareWith(results[0])
	}
	return results, nil
}

// turns fills the times of all, of which the first few are ours, and returns those
// that did not fail.
func (m measurement) turns(ctx context.Context, all []*contender, ours int) ([]*contender, error) {
	first := time.Now()
	for i := -1; m.goesOn(i, len(all), len(all[0].ms), time.Since(first)); i++ {
		for _, c := range slices.Clone(all) {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			took, err := c.run()
			if err == nil && len(all) > ours && took < briefly {
				took, err = c.run() // the caches are another's after the others' turns
			}
			switch {
			case err == nil:
			case ctx.Err() != nil:
				return nil, ctx.Err()
			case c.failed == nil:
				return nil, err
			default:
				c.failed(err)
				c.leave()
				all = slices.DeleteFunc(slices.Clone(all), func(x *contender) bool { return x == c })
				continue
			}
			if i >= 0 || m.long && took > patience {
				c.ms = append(c.ms, float64(took)/float64(time.Millisecond))
			}
		}
	}
	return all, nil
}

// goesOn says whether there is a run i; run −1 is to warm up. What takes minutes is
// not run again to be warm.
func (m measurement) goesOn(i, contenders, measured int, passed time.Duration) bool {
	enough := patience * time.Duration(contenders)
	if m.long && passed > enough {
		return measured == 0
	}
	return i < m.runs && (i < 3 || passed < enough)
}

func summary(name, note string, operations float64, ms []float64) result {
	ms = slices.Sorted(slices.Values(ms))
	median := ms[len(ms)/2]
	return result{Name: name, MedianMS: median, MinMS: ms[0], MaxMS: ms[len(ms)-1], Runs: len(ms),
		GFLOPS: operations / median / 1e6, Note: note}
}
