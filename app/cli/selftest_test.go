package cli

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/devicetest"
)

// The examiner ends a test at its fatal error, cleans up backward, goes on with the
// next test and says what failed.
func TestExaminer(t *testing.T) {
	var out bytes.Buffer
	var order []string
	e := &examiner{out: &out}
	e.perform(func() {
		e.Run("first", func(t devicetest.T) {
			t.Cleanup(func() { order = append(order, "a") })
			t.Cleanup(func() { order = append(order, "b") })
			t.Run("inner", func(t devicetest.T) {
				t.Fatalf("is %d", 3)
				order = append(order, "not reached")
			})
			order = append(order, "after")
		})
		if !e.Run("second", func(t devicetest.T) { order = append(order, "second") }) {
			t.Error("a test without a failure failed")
		}
		e.Run("third", func(devicetest.T) { panic("broken") })
	})
	if want := []string{"after", "b", "a", "second"}; !slices.Equal(order, want) {
		t.Errorf("order %q, want %q", order, want)
	}
	if want := "first/inner: is 3\nthird: panic: broken\n"; out.String() != want {
		t.Errorf("said %q, want %q", out.String(), want)
	}
	if !e.failed || *e.count() != 4 {
		t.Errorf("failed %v after %d tests", e.failed, *e.count())
	}
}

// A device beside itself trains the same; the report says so.
func TestSelftestCurve(t *testing.T) {
	dev, err := hostDevice()
	if err != nil {
		t.Fatal(err)
	}
	defer dev.Close()
	var out bytes.Buffer
	s := &selfTest{dev: dev, out: &out, steps: 2}
	ok, err := s.curve(t.Context())
	if err != nil || !ok {
		t.Fatalf("passed %v, %v:\n%s", ok, err, out.String())
	}
	if !strings.Contains(out.String(), "first 2 steps: total loss and gradient norm within 0 of") {
		t.Errorf("the report says\n%s", out.String())
	}
}
