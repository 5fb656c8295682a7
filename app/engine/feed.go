package engine

import (
	"sync"

	"github.com/latco-studio/latco/planning"
)

// planFeed carries the iterations of a running planner from its goroutine to
// the actor, which looks in now and then.
type planFeed struct {
	mu      sync.Mutex
	record  thinned[planning.Iteration]
	feature []float64 // Z: where the plan starts
}

func (f *planFeed) start(feature []float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.feature = append([]float64(nil), feature...)
}

func (f *planFeed) add(it planning.Iteration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.record.add(it)
}

// seen counts the iterations so far.
func (f *planFeed) seen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.record.seen
}

// view is what was recorded so far; it does not change.
func (f *planFeed) view() (iterations []planning.Iteration, feature []float64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.record.view(), f.feature
}
