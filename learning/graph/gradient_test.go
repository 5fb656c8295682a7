package graph

import (
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/purego"
)

// fixture builds small graphs with random leaves and checks their gradients.
type fixture struct {
	t      *testing.T
	g      *Graph
	rng    *rand.Rand
	params []*Node
}

func newFixture(t *testing.T) *fixture {
	g := New(purego.New())
	t.Cleanup(func() { g.Close() })
	return &fixture{t: t, g: g, rng: rand.New(rand.NewSource(1))}
}

func (f *fixture) fill(b device.Buffer) {
	for i := range b.Host {
		b.Host[i] = float32(0.5 * f.rng.NormFloat64())
	}
}

func (f *fixture) input(shape ...int) *Node {
	n := f.g.Input("input", shape...)
	f.fill(f.g.Buffer(n))
	return n
}

func (f *fixture) param(shape ...int) *Node {
	size := 1
	for _, d := range shape {
		size *= d
	}
	b, err := f.g.dev.Alloc(size)
	if err != nil {
		f.t.Fatal(err)
	}
	f.fill(b)
	n := f.g.Param("param", b, shape...)
	f.params = append(f.params, n)
	return n
}

// distance is a loss that depends on every element of y in its own way.
func (f *fixture) distance(y *Node) *Node {
	rows, cols := dims(y)
	return f.g.HalfSquaredError(y, f.input(rows, cols))
}

// check compares every gradient of loss with central differences.
func (f *fixture) check(loss *Node) {
	f.t.Helper()
	if err := f.g.Compile(loss, f.params); err != nil {
		f.t.Fatal(err)
	}
	value := func() float64 {
		if err := f.g.Run(); err != nil {
			f.t.Fatal(err)
		}
		v, err := f.g.Scalar(loss)
		if err != nil {
			f.t.Fatal(err)
		}
		return v
	}
	value()
	grads := make([][]float32, len(f.params))
	for i, g := range f.g.Gradients() {
		grads[i] = append(grads[i], g.Host...)
	}
	const h = 1e-2
	largest := 0.0
	for i, p := range f.params {
		x := f.g.Buffer(p).Host
		for j := range x {
			keep := x[j]
			x[j] = keep + h
			hi := value()
			x[j] = keep - h
			lo := value()
			x[j] = keep
			want, got := (hi-lo)/(2*h), float64(grads[i][j])
			largest = math.Max(largest, math.Abs(want))
			if math.Abs(got-want) > 2e-3*(1+math.Abs(want)) {
				f.t.Fatalf("parameter %d, element %d: gradient %g, central difference %g", i, j, got, want)
			}
		}
	}
	if largest < 0.02 {
		f.t.Fatalf("largest gradient is %g: the check proves nothing", largest)
	}
}

func TestDenseGradient(t *testing.T) {
	for name, act := range map[string]device.Activation{
		"identity": device.Identity, "relu": device.ReLU, "elu": device.ELU, "sigmoid": device.Sigmoid, "tanh": device.Tanh,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.check(f.distance(f.g.Dense(act, f.param(3, 4), f.param(4, 5), f.param(5))))
		})
	}
}

func TestConvGradient(t *testing.T) {
	f := newFixture(t)
	s := device.ConvShape{N: 2, H: 6, W: 6, In: 2, Out: 3, K: 3, Stride: 2} // 6 → 2: one row and column unused
	f.check(f.distance(f.g.Conv(s, device.ELU, f.param(2, 72), f.param(18, 3), f.param(3))))
}

func TestDeconvGradient(t *testing.T) {
	f := newFixture(t)
	s := device.ConvShape{N: 2, H: 6, W: 6, In: 2, Out: 3, K: 3, Stride: 2}
	f.check(f.distance(f.g.Deconv(s, device.ELU, f.param(2, 12), f.param(18, 3), f.param(2))))
}

func TestConvolutionOfInputGetsNoGradient(t *testing.T) {
	f := newFixture(t)
	s := device.ConvShape{N: 2, H: 4, W: 4, In: 1, Out: 2, K: 2, Stride: 2}
	f.check(f.distance(f.g.Conv(s, device.Tanh, f.input(2, 16), f.param(4, 2), f.param(2))))
}

// A value with two users gets the sum of two gradients.
func TestColumnsAndFanIn(t *testing.T) {
	f := newFixture(t)
	x := f.param(3, 6)
	f.check(f.g.WeightedSum([]float64{2, -0.5, 1},
		f.distance(f.g.Columns(x, 0, 4)), f.distance(f.g.Columns(x, 3, 6)), f.distance(x)))
}

func observeFixture(f *fixture) (ObserveShape, *Node) {
	return observed(f, observeShape(ResetAfter))
}

// observeShape is a small scan with every size different.
func observeShape(d Dynamics) ObserveShape {
	s := ObserveShape{T: 3, B: 2, Dynamics: d, Act: device.ELU, Stoch: 2, Deter: 3, Hidden: 4, Action: 1, Embed: 2, MinStd: 0.1}
	if !d.Recurrent() {
		s.Deter = 0
	}
	return s
}

func observed(f *fixture, s ObserveShape) (ObserveShape, *Node) {
	packed := f.g.Observe(s, f.param(s.Rows(), s.Embed), f.input(s.Rows(), s.Action), f.input(s.Rows(), s.Noise()), f.leaves(s))
	return s, packed
}

// leaves are parameters of a scan, added to those that check looks at.
func (f *fixture) leaves(s ObserveShape) ObserveParams[*Node] {
	var list []*Node
	for _, shape := range values(s.Dynamics, s.Shapes()) {
		list = append(list, f.param(shape...))
	}
	return assigned(s.Dynamics, list)
}

var allDynamics = map[string]Dynamics{
	"reset after": ResetAfter, "reset before": ResetBefore, "Markov": Markov, "deep Markov": DeepMarkov,
}

func forDynamics(t *testing.T, test func(t *testing.T, d Dynamics)) {
	for name, d := range allDynamics {
		t.Run(name, func(t *testing.T) { test(t, d) })
	}
}

func TestObserveGradient(t *testing.T) {
	forDynamics(t, func(t *testing.T, d Dynamics) {
		f := newFixture(t)
		_, packed := observed(f, observeShape(d))
		f.check(f.distance(packed))
	})
}

func TestObserveGradientOfOneStep(t *testing.T) {
	forDynamics(t, func(t *testing.T, d Dynamics) {
		f := newFixture(t)
		s := observeShape(d)
		s.T, s.B = 1, 3
		_, packed := observed(f, s)
		f.check(f.distance(packed))
	})
}

func TestKLGradient(t *testing.T) {
	f := newFixture(t)
	s, packed := observeFixture(f)
	f.check(f.g.FreeNats(f.g.MeanKL(s, packed), 0.01))
}

// The KLs by steps and to the global prior; some rows are above the free nats,
// some below.
func TestStepKLGradient(t *testing.T) {
	f := newFixture(t)
	s, packed := observeFixture(f)
	f.check(f.g.WeightedSum([]float64{1, 0.3}, f.g.StepKL(s, 0.2, packed), f.g.GlobalKL(s, packed)))
	above := 0
	kl := make([]float32, s.Rows())
	x := s.View(f.g.Buffer(packed))
	f.g.dev.KL(x.PostMean, x.PostStd, x.PriorMean, x.PriorStd, device.Buffer{Len: len(kl), Host: kl})
	for _, v := range kl {
		if v > 0.2 {
			above++
		}
	}
	if above == 0 || above == len(kl) {
		t.Errorf("%d of %d rows are above the free nats: the check proves little", above, len(kl))
	}
}

func TestOvershootGradient(t *testing.T) {
	forDynamics(t, func(t *testing.T, d Dynamics) {
		f := newFixture(t)
		s := OvershootShape{ObserveShape: observeShape(d), Distance: 2}
		params := f.leaves(s.ObserveShape)
		actions := f.input(s.T*s.B, s.Action)
		packed := f.g.Observe(s.ObserveShape, f.param(s.T*s.B, s.Embed), actions, f.input(s.T*s.B, s.Noise()), params)
		predictions := f.g.Overshoot(s, packed, actions, f.input(s.NoiseRows(), s.Stoch), params)
		f.check(f.distance(predictions))
	})
}

// The posterior that a prediction is compared with gets no gradient, so that
// central differences are those of predictions against a constant.
func TestOvershootKLGradient(t *testing.T) {
	f := newFixture(t)
	s := OvershootShape{ObserveShape: observeShape(ResetAfter), Distance: 2}
	positive := func(n *Node) *Node { // its stds are among the columns
		for i, v := range f.g.Buffer(n).Host {
			f.g.Buffer(n).Host[i] = float32(0.5 + math.Abs(float64(v)))
		}
		return n
	}
	packed := positive(f.input(s.T*s.B, s.Packed()))
	predictions := positive(f.param(s.Rows(), s.Predicted()))
	f.check(f.g.OvershootKL(s, 0.1, packed, predictions))
}

// A block of predictions is gathered beside the times that it predicts.
func TestOvershootRowsFollowTheirTimes(t *testing.T) {
	s := OvershootShape{ObserveShape: ObserveShape{T: 5, B: 3, Action: 1}, Distance: 3}
	if got, want := s.Rows(), (4+3+2)*3; got != want {
		t.Fatalf("%d predictions, want %d", got, want)
	}
	times := make([]float32, s.T*s.B)
	for i := range times {
		times[i] = float32(i / s.B)
	}
	rows := s.Gather(nil, times, 1)
	for k := 1; k <= s.Distance; k++ {
		for i := s.start(k); i < s.start(k+1); i++ {
			if want := float32(k + (i-s.start(k))/s.B); rows[i] != want {
				t.Errorf("row %d of distance %d predicts time %g, want %g", i-s.start(k), k, rows[i], want)
			}
		}
	}
}

// The KL divergence of hand-set Gaussians against its closed form.
func TestMeanKLValue(t *testing.T) {
	f := newFixture(t)
	s := ObserveShape{T: 1, B: 2, Stoch: 1, Deter: 1}
	x := f.param(2, 6)
	copy(f.g.Buffer(x).Host, []float32{
		0, 0, 1, 2, -1, 0.5, // KL(N(1,2²) ‖ N(−1,½²)) = ln(½/2) + (4+4)/(2·¼) − ½
		0, 0, 3, 0.7, 3, 0.7, // 0
	})
	kl := f.g.MeanKL(s, x)
	if err := f.g.Compile(kl, f.params); err != nil {
		t.Fatal(err)
	}
	if err := f.g.Run(); err != nil {
		t.Fatal(err)
	}
	got, _ := f.g.Scalar(kl)
	want := (math.Log(0.25) + 16 - 0.5) / 2
	if math.Abs(got-want) > 1e-5 {
		t.Errorf("mean KL %g, want %g", got, want)
	}
}

// Below the free nats the loss is the constant, and nothing flows back.
func TestFreeNatsStopGradient(t *testing.T) {
	for _, c := range []struct{ free, want float64 }{{100, 100}, {0, -1}} {
		f := newFixture(t)
		s, packed := observeFixture(f)
		kl := f.g.MeanKL(s, packed)
		loss := f.g.FreeNats(kl, c.free)
		if err := f.g.Compile(loss, f.params); err != nil {
			t.Fatal(err)
		}
		if err := f.g.Run(); err != nil {
			t.Fatal(err)
		}
		got, _ := f.g.Scalar(loss)
		mean, _ := f.g.Scalar(kl)
		norms := make([]float32, 1)
		b := f.g.memory(1)
		f.g.dev.Norm(f.g.Gradients(), b)
		if err := f.g.dev.Download(norms, b); err != nil {
			t.Fatal(err)
		}
		norm := norms[0]
		if c.want < 0 { // above: the KL itself
			if got != mean || norm == 0 {
				t.Errorf("free %g: loss %g of mean KL %g, gradient norm %g", c.free, got, mean, norm)
			}
		} else if got != c.want || norm != 0 {
			t.Errorf("free %g: loss %g, gradient norm %g; want %g, 0", c.free, got, norm, c.want)
		}
	}
}

func TestFreeNatsKeepsNaN(t *testing.T) {
	f := newFixture(t)
	x := f.param(1)
	f.g.Buffer(x).Host[0] = float32(math.NaN())
	loss := f.g.FreeNats(x, 3)
	if err := f.g.Compile(loss, f.params); err != nil {
		t.Fatal(err)
	}
	if err := f.g.Run(); err != nil {
		t.Fatal(err)
	}
	if got, _ := f.g.Scalar(loss); !math.IsNaN(got) {
		t.Errorf("loss of NaN is %g", got)
	}
}
