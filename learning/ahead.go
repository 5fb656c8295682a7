package learning

// ahead does n jobs on several goroutines, at most so many at a time, and hands
// their results to take one after the other, in order, on the caller's. After an
// error of take it starts no more. It returns when every goroutine has.
func ahead[T any](n, goroutines int, do func(i int) (T, error), take func(i int, result T, err error) error) (err error) {
	type outcome struct {
		result T
		err    error
	}
	width := max(1, min(n, goroutines))
	running := make([]chan outcome, width) // job i in place i mod width
	for i := range running {
		running[i] = make(chan outcome, 1)
	}
	start := func(i int) {
		go func() {
			result, err := do(i)
			running[i%width] <- outcome{result, err}
		}()
	}
	started := 0
	for ; started < min(n, width); started++ {
		start(started)
	}
	for i := 0; i < started; i++ {
		o := <-running[i%width]
		if err == nil && started < n {
			start(started)
			started++
		}
		if err == nil {
			err = take(i, o.result, o.err)
		}
	}
	return err
}
