package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latco-studio/latco/learning/device/devicetest"
)

// examiner runs the suite outside of go test. It says what fails and goes on; what
// there is no time for is left out.
type examiner struct {
	ctx     context.Context
	out     io.Writer
	only    string // the one group to run; "" all
	name    string
	up      *examiner
	tests   int
	failed  bool
	left    []string
	cleanup []func()
}

var _ devicetest.T = (*examiner)(nil)

// errFatal ends a test.
var errFatal = errors.New("test ended")

func (e *examiner) top() *examiner {
	for e.up != nil {
		e = e.up
	}
	return e
}

func (e *examiner) count() *int { return &e.top().tests }

// Run is a test within the test.
func (e *examiner) Run(name string, f func(t devicetest.T)) bool {
	if e.up == nil && e.only != "" && name != e.only {
		return true
	}
	inner := &examiner{ctx: e.ctx, out: e.out, name: strings.TrimPrefix(e.name+"/"+name, "/"), up: e}
	if e.ctx.Err() != nil {
		group, _, _ := strings.Cut(inner.name, "/")
		if top := e.top(); !slices.Contains(top.left, group) {
			top.left = append(top.left, group)
		}
		return true
	}
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
