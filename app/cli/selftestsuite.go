package cli

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/device/purego"
)

// suite runs the tests that every device passes.
func (t *selfTest) suite() bool {
	r := &examiner{out: t.out}
	var groups []devicetest.Group
	r.perform(func() { groups = devicetest.Measure(r, t.dev, purego.New()) })
	tw := table(t.out)
	fmt.Fprintln(tw, "group\tlargest error\tof its tolerance")
	for _, g := range groups {
		if g.Worst > 0 {
			fmt.Fprintf(tw, "%s\t%.2g\t%.0f %%\n", g.Name, g.Error, 100*g.Worst)
		}
	}
	tw.Flush()
	fmt.Fprintf(t.out, "%d tests\n", *r.count())
	return !r.failed
}

// examiner runs the suite outside of go test. It says what fails and goes on.
type examiner struct {
	out     io.Writer
	name    string
	up      *examiner
	tests   int
	failed  bool
	cleanup []func()
}

var _ devicetest.T = (*examiner)(nil)

// errFatal ends a test.
var errFatal = errors.New("test ended")

func (e *examiner) count() *int {
	for e.up != nil {
		e = e.up
	}
	return &e.tests
}

// Run is a test within the test.
func (e *examiner) Run(name string, f func(t devicetest.T)) bool {
	inner := &examiner{out: e.out, name: strings.TrimPrefix(e.name+"/"+name, "/"), up: e}
	*e.count()++
	inner.perform(func() { f(inner) })
	e.failed = e.failed || inner.failed
	return !inner.failed
}

// perform runs f to its end or to its fatal error, and cleans up.
func (e *examiner) perform(f func()) {
	defer func() {
		if r := recover(); r != nil && r != errFatal {
			e.Errorf("panic: %v", r)
		}
		for i := len(e.cleanup) - 1; i >= 0; i-- {
			e.cleanup[i]()
		}
	}()
	f()
}

func (e *examiner) Helper()          {}
func (e *examiner) Cleanup(f func()) { e.cleanup = append(e.cleanup, f) }

func (e *examiner) Error(args ...any) {
	e.failed = true
	fmt.Fprintf(e.out, "%s: %s\n", e.name, strings.TrimSpace(fmt.Sprintln(args...)))
}

func (e *examiner) Errorf(format string, args ...any) { e.Error(fmt.Sprintf(format, args...)) }

func (e *examiner) Fatal(args ...any) {
	e.Error(args...)
	panic(errFatal)
}

func (e *examiner) Fatalf(format string, args ...any) { e.Fatal(fmt.Sprintf(format, args...)) }
