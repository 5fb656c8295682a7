package engine

import (
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// crew plays episodes on several goroutines and hands them over in order, so that
// their number makes no difference to what comes of it. W is what each goroutine
// has of its own, T what an episode comes to.
type crew[W, T any] struct {
	workers    int
	background bool // they give way to all else
	open       func() (w W, close func(), err error)
	play       func(ctx context.Context, w W, i int) (T, error)
	take       func(i int, result T) error // called for one episode at a time
}

// run does the episodes from number first up to n. It returns when every
// goroutine has; those that were played but not yet taken are lost if it fails.
//
// A worker may start an episode only while fewer than 2·workers are under way or
// wait to be taken: a slow episode holds the others back rather than fill the
// memory. Episodes are started in order, so the one waited for is always played.
func (c *crew[W, T]) run(ctx context.Context, first, n int) error {
	if first >= n {
		return ctx.Err()
	}
	type played struct {
		i      int
		result T
	}
	workers := max(1, min(c.workers, n-first))
	group, gctx := errgroup.WithContext(ctx)
	room, results := make(chan struct{}, 2*workers), make(chan played)
	var next atomic.Int64
	next.Store(int64(first))
	start := group.Go
	if c.background {
		start = func(work func() error) {
			group.Go(func() error { return inBackground(whileTraining, work) })
		}
	}
	for range workers {
		start(func() error {
			w, closeIt, err := c.open()
			if err != nil {
				return err
			}
			defer closeIt()
			for {
				select {
				case room <- struct{}{}:
				case <-gctx.Done():
					return gctx.Err()
				}
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				result, err := c.play(gctx, w, i)
				if err != nil {
					return fmt.Errorf("episode %d: %w", i, err)
				}
				select {
				case results <- played{i, result}:
				case <-gctx.Done():
					return gctx.Err()
				}
			}
		})
	}
	group.Go(func() error {
		waiting := map[int]T{}
		for want := first; want < n; {
			select {
			case p := <-results:
				waiting[p.i] = p.result
			case <-gctx.Done():
				return gctx.Err()
			}
			for result, ok := waiting[want]; ok; result, ok = waiting[want] {
				if err := c.take(want, result); err != nil {
					return err
				}
				delete(waiting, want)
				want++
				<-room
			}
		}
		return nil
	})
	err := group.Wait()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}
