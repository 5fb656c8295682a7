package graph

// calls brings work back to the goroutine that serves it. Gorgonia's machine
// executes ops on a goroutine of its own, a new one every run; a device belongs
// to its user's goroutine, and often to its OS thread: OpenMP keeps a team of
// threads for every thread that calls it, CUDA a current context.
type calls struct {
	work chan func() error
	done chan error
}

func newCalls() calls { return calls{make(chan func() error), make(chan error)} }

// call runs f on the serving goroutine and waits for it.
func (c calls) call(f func() error) error {
	c.work <- f
	return <-c.done
}

// serve starts run on another goroutine and does its calls until it returns.
func (c calls) serve(run func() error) error {
	finished := make(chan error, 1)
	go func() { finished <- run() }()
	for {
		select {
		case f := <-c.work:
			c.done <- f()
		case err := <-finished:
			return err
		}
	}
}
