package learning

import "github.com/latco-studio/latco/learning/rssm"

// prefetch fills the next batch while the device computes. The buffer must not
// change between start and take; since a batch depends on nothing but its
// number, who fills it and when makes no difference to it.
type prefetch struct {
	replay  *Replay
	batch   *rssm.Batch // being filled or ready
	number  int64
	done    chan error // receives once when batch is ready
	pending bool
}

func newPrefetch(r *Replay, b, t int) *prefetch {
	return &prefetch{replay: r, batch: &rssm.Batch{B: b, T: t}, done: make(chan error, 1)}
}

// start begins to fill batch number n, unless that is under way.
func (p *prefetch) start(n int64) {
	if p.pending {
		return
	}
	p.pending, p.number = true, n
	go func() { p.done <- p.replay.Fill(p.batch, n) }()
}

// take waits for batch number n and swaps it for the used one.
func (p *prefetch) take(n int64, used *rssm.Batch) (*rssm.Batch, error) {
	if p.pending && p.number != n {
		p.wait()
	}
	p.start(n)
	err := p.wait()
	full := p.batch
	p.batch = used
	return full, err
}

// ahead waits for the batch under way and shows it, nil if there is none. take
// gives it still, or the error that kept it from being filled.
func (p *prefetch) ahead() *rssm.Batch {
	if !p.pending {
		return nil
	}
	err := <-p.done
	p.done <- err
	if err != nil {
		return nil
	}
	return p.batch
}

// wait joins the filling goroutine, if there is one.
func (p *prefetch) wait() error {
	if !p.pending {
		return nil
	}
	p.pending = false
	return <-p.done
}
