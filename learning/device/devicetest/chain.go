package devicetest

import (
	"fmt"
	"math"
	"math/rand"
	"slices"

	"github.com/latco-studio/latco/learning/device"
)

// chain checks the steps of collocation, where both devices can take them.
func (s *suite) chain(t T) {
	if _, ok := s.dev.(device.Chain); !ok {
		return
	}
	if _, ok := s.ref.(device.Chain); !ok {
		t.Fatal("the reference has no device.Chain")
	}
	t.Run("sizes", s.chainSizes)
	t.Run("weights", s.chainWeights)
	t.Run("unsolvable", s.chainUnsolvable)
	t.Run("dense", s.chainDense)
	t.Run("GRUJacobian", s.gruJacobian)
	t.Run("panics", s.chainPanics)
}

// chained is a system on a device, and what becomes of it.
type chained struct {
	device.ChainShape
	device.ChainSystem
	step, corrected device.Buffer
}

// chained makes a system of random Jacobians that keep the size of what they are
// applied to. λ is the multiplier of the dynamics for every step, or drawn between
// 1 and 1e8 where it is 0; s_dyn, ν, κ are those of collocation (REFERENCE B1).
func (w *world) chained(s device.ChainShape, lambda float64) chained {
	steps, n := s.Plans*s.Horizon, s.Action+s.Latent
	size := float32(1 / math.Sqrt(float64(n)))
	dyn, act, kappa := make([]float32, steps), make([]float32, steps), make([]float32, s.Plans)
	for p := range s.Plans {
		total := 0.0
		at := func(x []float32) []float32 { return x[p*s.Horizon : (p+1)*s.Horizon] }
		for i := range s.Horizon {
			l := lambda
			if l == 0 {
				l = math.Pow(10, 8*w.Float64())
			}
			at(dyn)[i], at(act)[i] = float32(math.Sqrt(l)), float32(math.Sqrt(10)*w.Float64())
			total += float64(at(dyn)[i] + at(act)[i])
		}
		kappa[p] = float32(1 / (total/float64(s.Horizon) + 1))
		for i := range s.Horizon {
			at(dyn)[i] *= kappa[p]
			at(act)[i] *= kappa[p]
		}
	}
	excess := func() float32 { return float32(max(0, w.NormFloat64()-0.5)) }
	return chained{ChainShape: s, ChainSystem: device.ChainSystem{
		Jacobian: w.filled(steps*s.Latent*n, func() float32 { return size * float32(w.NormFloat64()) }),
		Defect:   w.buffer(steps * s.Latent), Excess: w.filled(steps*s.Action, excess),
		Cost: w.positive(steps), CostGradient: w.buffer(steps * s.Latent),
		Dyn: w.numbers(dyn), Act: w.numbers(act), Kappa: w.numbers(kappa), Damping: 1e-3,
	}, step: w.buffer(s.Plans * s.Unknowns()), corrected: w.buffer(s.Plans)}
}

// numbers is a buffer of these.
func (w *world) numbers(x []float32) device.Buffer {
	i := -1
	return w.filled(len(x), func() float32 { i++; return x[i] })
}

// solve takes the step in memory of its own, whose surroundings must stay as they
// are. What is left there is the device's affair.
func (w *world) solve(c chained) {
	w.t.Helper()
	const before, after = 3, 40
	dev := w.Device.(device.Chain)
	n := dev.ChainWork(c.ChainShape)
	whole, err := w.Alloc(before + n + after)
	if err != nil {
		w.t.Fatal(err)
	}
	defer w.Free(whole)
	w.Fill(whole, nan) // nothing may depend on it
	dev.SolveChains(c.ChainShape, c.ChainSystem, whole.Slice(before, before+n), c.step, c.corrected)
	around := append(w.read(whole.Slice(0, before)), w.read(whole.Slice(before+n, whole.Len))...)
	if slices.ContainsFunc(around, func(x float32) bool { return x == x }) {
		w.t.Errorf("SolveChains wrote beside its %d numbers of work", n)
	}
}

// The most that float32 may be corrected for a step to be of use, as planning has it,
// and the error of a step then: that of float32, or what the correction leaves, which
// is some of its square.
const (
	mostCorrected = 1e-3
	chainError    = 1e-6
	chainLeft     = 10
)

// chainAgrees compares steps as vectors: small unknowns beside large ones have the
// errors of these.
func (s *suite) chainAgrees(t T, seed int64, shape device.ChainShape, lambda float64, change func(w *world, c chained)) {
	t.Helper()
	run := func(dev device.Device) (step, corrected []float32) {
		w := &world{t: t, Device: dev, Rand: rand.New(rand.NewSource(seed))}
		defer w.free()
		c := w.chained(shape, lambda)
		if change != nil {
			change(w, c)
		}
		w.solve(c)
		if err := dev.Sync(); err != nil {
			t.Fatal(err)
		}
		return w.read(c.step), w.read(c.corrected)
	}
	want, _ := run(s.ref)
	got, corrected := run(s.dev)
	again, _ := run(s.dev)
	n := shape.Unknowns()
	for p, size := range corrected {
		// λ from 1 to 1e8 side by side may be too much for float32.
		if !(size <= mostCorrected || lambda == 0 && size < 0.1) {
			t.Errorf("%+v, λ %g: plan %d is corrected by %g", shape, lambda, p, size)
			continue
		}
		var square, off float64
		for i := p * n; i < (p+1)*n; i++ {
			if math.Float32bits(got[i]) != math.Float32bits(again[i]) {
				t.Fatalf("%+v: step[%d] is %g, then %g: not the same from run to run", shape, i, got[i], again[i])
			}
			square += float64(want[i]) * float64(want[i])
			off += math.Pow(float64(want[i])-float64(got[i]), 2)
		}
		tol := chainError + chainLeft*float64(size)*float64(size)
		if off = math.Sqrt(off / square); !(off <= tol) {
			t.Errorf("%+v, λ %g: the step of plan %d is off by %g of its size, corrected by %g", shape, lambda, p, off, size)
		}
		s.note(0, off, tol)
	}
}

// chainSizes has every way that sizes meet the blocks of a device, above all 31, 32
// and 33 unknowns in a block, and one, two, three or 2ⁿ−1 blocks.
func (s *suite) chainSizes(t T) {
	for i, z := range []device.ChainShape{
		{Plans: 1, Horizon: 1, Latent: 1, Action: 1}, {Plans: 2, Horizon: 1, Latent: 7, Action: 3},
		{Plans: 3, Horizon: 2, Latent: 5, Action: 1}, {Plans: 1, Horizon: 3, Latent: 30, Action: 1},
		{Plans: 2, Horizon: 4, Latent: 30, Action: 2}, {Plans: 1, Horizon: 5, Latent: 1, Action: 31},
		{Plans: 1, Horizon: 6, Latent: 33, Action: 4}, {Plans: 2, Horizon: 7, Latent: 12, Action: 2},
		{Plans: 1, Horizon: 8, Latent: 12, Action: 2}, {Plans: 1, Horizon: 30, Latent: 16, Action: 2},
		{Plans: 2, Horizon: 9, Latent: 3, Action: 2},
		{Plans: 1, Horizon: 5, Latent: 80, Action: 2}, {Plans: 1, Horizon: 3, Latent: 61, Action: 3},
		{Plans: 1, Horizon: 2, Latent: 230, Action: 4}, {Plans: 1, Horizon: 40, Latent: 2, Action: 1},
		{Plans: 5, Horizon: 14, Latent: 31, Action: 2}, // blocks enough for long panels
	} {
		t.Run(fmt.Sprintf("%dx%dx%d+%d", z.Plans, z.Horizon, z.Latent, z.Action), func(t T) {
			s.chainAgrees(t, int64(i), z, 100, nil)
		})
	}
}

// chainWeights has the magnitudes that λ takes while a plan converges, and action
// bounds that all bind, or none.
func (s *suite) chainWeights(t T) {
	z := device.ChainShape{Plans: 2, Horizon: 5, Latent: 20, Action: 3}
	for i, lambda := range []float64{1, 1e2, 1e4, 1e6, 1e8, 0} {
		s.chainAgrees(t, int64(i), z, lambda, nil)
	}
	for _, excess := range []float32{0, -0.25, 3} {
		s.chainAgrees(t, 9, z, 1e3, func(w *world, c chained) { w.Fill(c.Excess, excess) })
	}
	s.chainAgrees(t, 10, z, 1e3, func(w *world, c chained) { // what is not there is not read
		n := z.Action + z.Latent
		for p := range z.Plans {
			for i := range z.Latent {
				row := (p*z.Horizon*z.Latent + i) * n
				w.Fill(c.Jacobian.Slice(row+z.Action, row+n), nan)
			}
		}
	})
}
