package cli

import (
	"bytes"
	"context"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/devicetest"
	"github.com/latco-studio/latco/learning/rssm"
)

// The examiner ends a test at its fatal error, cleans up backward, goes on with the
// next test and says what failed.
func TestExaminer(t *testing.T) {
	var out bytes.Buffer
	var order []string
	e := &examiner{ctx: t.Context(), out: &out}
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

// What there is no time for is left out, once a group.
func TestExaminerWithoutTime(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	e := &examiner{ctx: ctx, out: io.Discard}
	e.Run("first", func(t devicetest.T) {
		cancel()
		t.Run("inner", func(devicetest.T) {})
		t.Run("another", func(devicetest.T) {})
	})
	e.Run("second", func(devicetest.T) { t.Error("it ran") })
	if want := []string{"first", "second"}; !slices.Equal(e.left, want) || e.failed || e.tests != 1 {
		t.Errorf("left out %q after %d tests, failed %v; want %q after 1", e.left, e.tests, e.failed, want)
	}
}

// selfTestOf is a self-test of a device.
func selfTestOf(dev device.Device, limit time.Duration) (*selfTest, *report) {
	r := &report{screen: io.Discard}
	t := &selfTest{dev: dev, out: r, steps: 2, rest: budget{limit: limit, overrun: time.Minute}}
	t.rest.begin()
	return t, r
}

// A device beside itself is alike in everything; the report says so.
func TestSelftestOfTheReference(t *testing.T) {
	dev, err := hostDevice()
	if err != nil {
		t.Fatal(err)
	}
	s, r := selfTestOf(dev, 0)
	chosen, err := chooseStages(s.stages(), "products,graphs,training")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.run(t.Context(), chosen); err != nil {
		t.Fatalf("%v:\n%s", err, r.text.String())
	}
	for _, want := range []string{"first 2 steps: total loss and gradient norm within 0 of", "Summary\npassed: products, training\nnot tested: graphs\ntook "} {
		if !strings.Contains(r.text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, r.text.String())
		}
	}
}

// poor is a card that has neither cuBLAS nor TF32.
type poor struct{ device.Device }

func (poor) Info() cuda.Info { return cuda.Info{Name: "poor", Major: 7, Minor: 5} }
func (poor) UsesBLAS() bool  { return false }

// What a card cannot do, or nobody did, is not said to be right.
func TestProductsOfAPoorCard(t *testing.T) {
	dev, err := hostDevice()
	if err != nil {
		t.Fatal(err)
	}
	s, r := selfTestOf(poor{dev}, 0)
	s.cards = func(o cuda.Options) (device.Device, error) {
		if o.TF32 {
			t.Error("TF32 is asked for")
		}
		dev, err := hostDevice()
		return poor{dev}, err
	}
	if err := s.run(t.Context(), []stage{{"products", "Products", 1, s.products}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"cuBLAS, float32       -", "there is none", "cuBLAS, TF32          -", "the card has no TF32", "passed: products"} {
		if !strings.Contains(r.text.String(), want) {
			t.Errorf("the report lacks %q:\n%s", want, r.text.String())
		}
	}
}

// A self-test without time leaves everything out, and says what.
func TestSelftestKeepsItsBudget(t *testing.T) {
	dev, err := hostDevice()
	if err != nil {
		t.Fatal(err)
	}
	s, r := selfTestOf(dev, time.Nanosecond)
	if err := s.run(t.Context(), s.stages()); err != nil {
		t.Fatalf("%v:\n%s", err, r.text.String())
	}
	for _, want := range []string{"kernels (Memory, ", ", Panics)", "products (cpu", "planners (latco, ", "training (2 of 2 steps)", "speed (products of 1024×1024 matrices, "} {
		if _, left, _ := strings.Cut(r.text.String(), "Summary\nnot tested: kernels, products, graphs, planners, training, speed\nleft out for lack of time: "); !strings.Contains(left, want) {
			t.Errorf("the report does not say that %s was left out:\n%s", want, r.text.String())
		}
	}
	if strings.Contains(r.text.String(), "steps: total loss") {
		t.Errorf("there was time to train:\n%s", r.text.String())
	}
}

// Losses that differ are found, each in its way.
func TestCurvesApart(t *testing.T) {
	curve := func(f func(step int) float64) (l []rssm.Losses) {
		for i := range curveWhole {
			x := 1000 / (1 + float64(i)/50) * f(i)
			l = append(l, rssm.Losses{Total: x, GradNorm: x})
		}
		return l
	}
	s, _ := selfTestOf(nil, 0)
	want := curve(func(int) float64 { return 1 })
	for what, c := range map[string]struct {
		of   func(step int) float64
		like bool
	}{
		"the same":             {func(int) float64 { return 1 }, true},
		"drifts and returns":   {func(i int) float64 { return 1 + 0.1*math.Sin(float64(i)*math.Pi/800)*bump(i < 800) }, true},
		"begins otherwise":     {func(i int) float64 { return 1 + 0.01*bump(i == 3) }, false},
		"is slower in between": {func(i int) float64 { return 1 + 0.3*bump(i >= 200 && i < 300) }, false},
		"ends higher":          {func(i int) float64 { return 1 + 0.1*bump(i >= 700) }, false},
		"is infinite":          {func(i int) float64 { return 1 / (1 - bump(i == 500)) }, false},
	} {
		if got := s.alike(curve(c.of), want); got != c.like {
			t.Errorf("a curve that %s: alike %v", what, got)
		}
	}
}

func bump(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// A device that does not come back ends the test with an error and a report.
func TestSelftestOfADeviceThatHangs(t *testing.T) {
	dev, err := hostDevice()
	if err != nil {
		t.Fatal(err)
	}
	s, r := selfTestOf(dev, time.Millisecond)
	s.rest.overrun = time.Millisecond
	back, ended := make(chan bool), make(chan bool)
	err = s.run(t.Context(), []stage{{"stuck", "Stuck", 1, func(context.Context) (verdict, error) {
		<-back
		close(ended)
		return verdict{}, nil
	}}})
	if err == nil || !strings.Contains(err.Error(), "stage stuck has not come back") || !strings.Contains(r.text.String(), "the device hangs") {
		t.Errorf("%v:\n%s", err, r.text.String())
	}
	close(back)
	<-ended
}

func TestStagesAreKnown(t *testing.T) {
	s, _ := selfTestOf(nil, 0)
	if _, err := chooseStages(s.stages(), "kernels,nothing"); err == nil || !strings.Contains(err.Error(), `no stage "nothing"`) {
		t.Errorf("an unknown stage gave %v", err)
	}
}
