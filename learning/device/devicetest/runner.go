package devicetest

import "testing"

// T is what the suite asks of a *testing.T, so that a program can run it too.
type T interface {
	Helper()
	Error(args ...any)
	Errorf(format string, args ...any)
	Fatal(args ...any) // does not return
	Fatalf(format string, args ...any)
	Cleanup(f func())
	Run(name string, f func(t T)) bool
}

// Test makes a T of go test's.
func Test(t *testing.T) T { return test{t} }

type test struct{ *testing.T }

func (t test) Run(name string, f func(t T)) bool {
	return t.T.Run(name, func(t *testing.T) { f(test{t}) })
}
