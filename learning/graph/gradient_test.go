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
	s := ObserveShape{T: 3, B: 2, Stoch: 2, Deter: 3, Hidden: 4, Action: 1, Embed: 2, MinStd: 0.1}
	embed := f.param(s.Rows(), s.Embed)
	var leaves []*Node
	for _, shape := range s.Shapes().List() {
		leaves = append(leaves, f.param(shape...))
	}
	packed := f.g.Observe(s, embed, f.input(s.Rows(), s.Action), f.input(s.Rows(), s.Stoch), observeParams(leaves))
	return s, packed
}

func TestObserveGradient(t *testing.T) {
	f := newFixture(t)
	_, packed := observeFixture(f)
	f.check(f.distance(packed))
}

func TestObserveGradientOfOneStep(t *testing.T) {
	f := newFixture(t)
	s := ObserveShape{T: 1, B: 3, Stoch: 2, Deter: 2, Hidden: 3, Action: 1, Embed: 2, MinStd: 0.1}
	var leaves []*Node
	for _, shape := range s.Shapes().List() {
		leaves = append(leaves, f.param(shape...))
	}
	f.check(f.distance(f.g.Observe(s, f.param(3, 2), f.input(3, 1), f.input(3, 2), observeParams(leaves))))
}

func TestKLGradient(t *testing.T) {
	f := newFixture(t)
	s, packed := observeFixture(f)
	f.check(f.g.FreeNats(f.g.MeanKL(s, packed), 0.01))
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
		norm := GradNorm(f.g.dev, f.g.Gradients())
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
