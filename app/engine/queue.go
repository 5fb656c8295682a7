package engine

import (
	"context"
	"sync"
)

// queue hands values from one goroutine to another, in order. put never blocks;
// who puts is responsible for not running far ahead (see backlog).
type queue[T any] struct {
	mu    sync.Mutex
	items []T
	busy  bool          // the taker is at work on an item
	wake  chan struct{} // one token while items wait
}

func newQueue[T any]() *queue[T] { return &queue[T]{wake: make(chan struct{}, 1)} }

func (q *queue[T]) put(v T) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.items = append(q.items, v)
	q.signal()
}

func (q *queue[T]) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take waits for the next item; ok is false when ctx has ended. Asking for it
// says that the one before is done with.
func (q *queue[T]) take(ctx context.Context) (v T, ok bool) {
	q.mu.Lock()
	q.busy = false
	q.mu.Unlock()
	for {
		select {
		case <-ctx.Done():
			return v, false
		case <-q.wake:
		}
		q.mu.Lock()
		if len(q.items) == 0 {
			q.mu.Unlock()
			continue
		}
		v = q.items[0]
		q.items = q.items[1:]
		q.busy = true
		if len(q.items) > 0 {
			q.signal()
		}
		q.mu.Unlock()
		return v, true
	}
}

// rest takes away what nobody has taken.
func (q *queue[T]) rest() []T {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

// backlog counts what is waiting and what is being worked on.
func (q *queue[T]) backlog() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.busy {
		return len(q.items) + 1
	}
	return len(q.items)
}
