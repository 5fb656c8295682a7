// Package devicetest is the conformance suite of device.Device. Every kernel is
// run on random shapes against a reference device, all memory it could touch is
// compared, gradients are compared with finite differences, and every run is
// repeated and must give the same bits.
package devicetest

import (
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// Run checks dev against reference, which may be dev itself: then only the
// finite differences, the closed forms and the repetition can fail.
func Run(t *testing.T, dev, reference device.Device) { Measure(Test(t), dev, reference) }

// Group is how close a group of kernels comes to the reference.
type Group struct {
	Name  string
	Worst float64 // error as a share of its tolerance
	Error float64 // that error, relative to max(1, |value|)
}

// Measure is Run that says how close every group comes.
func Measure(t T, dev, reference device.Device) []Group {
	if dev.Name() == "" {
		t.Error("the device has no name")
	}
	s := &suite{dev: dev, ref: reference}
	for _, g := range []struct {
		name string
		run  func(t T)
	}{
		{"Memory", s.memory}, {"Gemm", s.gemm}, {"Activation", s.activation}, {"Rows", s.rows},
		{"LayerNorm", s.layerNorm}, {"Conv", s.conv}, {"Recurrent", s.recurrent}, {"Gaussian", s.gaussian},
		{"Optimiser", s.optimiser}, {"Sampler", s.sampler}, {"Step", s.step}, {"Chain", s.chain}, {"Scan", s.scan},
		{"Gradients", s.gradients}, {"Panics", s.panics},
	} {
		s.groups = append(s.groups, Group{Name: g.name})
		t.Run(g.name, g.run)
	}
	if err := dev.Sync(); err != nil {
		t.Errorf("Sync: %v", err)
	}
	return s.groups
}

type suite struct {
	dev, ref device.Device
	groups   []Group
}

// agree runs a scenario on the reference once and on the device twice, from one
// seed, and compares every buffer it made: the device's runs bit by bit, the
// reference's within tol relative to max(1, |value|). A number written beside a
// view is thereby an error too.
func (s *suite) agree(t T, seed int64, tol float64, scenario func(w *world)) {
	t.Helper()
	want := play(t, s.ref, seed, scenario)
	got := play(t, s.dev, seed, scenario)
	again := play(t, s.dev, seed, scenario)
	for b := range want {
		for i, x := range want[b] {
			y := got[b][i]
			if math.Float32bits(y) != math.Float32bits(again[b][i]) {
				t.Fatalf("buffer %d [%d]: %v, then %v: not the same from run to run", b, i, y, again[b][i])
			}
			s.note(float64(x), float64(y), tol)
			if !close(float64(x), float64(y), tol) {
				t.Fatalf("buffer %d [%d]: %v, the reference has %v (tolerance %g)", b, i, y, x, tol)
			}
		}
	}
}

// note keeps the worst error of the present group.
func (s *suite) note(x, y, tol float64) {
	g := &s.groups[len(s.groups)-1]
	if err := math.Abs(x-y) / math.Max(1, math.Abs(x)); tol > 0 && err > g.Worst*tol {
		g.Worst, g.Error = err/tol, err
	}
}

func close(x, y, tol float64) bool {
	if math.IsNaN(x) || math.IsNaN(y) {
		return math.IsNaN(x) && math.IsNaN(y)
	}
	return x == y || math.Abs(x-y) <= tol*math.Max(1, math.Abs(x))
}

// play runs a scenario and returns what its buffers hold afterwards.
func play(t T, dev device.Device, seed int64, scenario func(w *world)) [][]float32 {
	t.Helper()
	w := &world{t: t, Device: dev, Rand: rand.New(rand.NewSource(seed))}
	defer w.free()
	scenario(w)
	if err := dev.Sync(); err != nil {
		t.Fatalf("%s: %v", dev.Name(), err)
	}
	out := make([][]float32, 0, len(w.buffers)+1)
	for _, b := range w.buffers {
		out = append(out, w.read(b))
	}
	return append(out, w.results)
}

// world is one device in one scenario, with a source of chance of its own.
type world struct {
	t T
	device.Device
	*rand.Rand
	buffers []device.Buffer // as Alloc gave them
	results []float32
}

// none is an optional matrix left out.
var none device.Mat

// empty is an optional buffer left out: no buffer, or nothing of one.
func (w *world) empty() device.Buffer {
	if w.Intn(2) == 0 {
		return device.Buffer{}
	}
	return w.buffer(0)
}

// buffer is n numbers from N(0, 1).
func (w *world) buffer(n int) device.Buffer {
	return w.filled(n, func() float32 { return float32(w.NormFloat64()) })
}

// positive is n numbers in [0.2, 2.2), such as standard deviations.
func (w *world) positive(n int) device.Buffer {
	return w.filled(n, func() float32 { return 0.2 + 2*w.Float32() })
}

// filled is n numbers of a distribution, cut out of a larger buffer, so that they
// start at any address and what is written beside them is seen.
func (w *world) filled(n int, next func() float32) device.Buffer {
	w.t.Helper()
	before, after := w.Intn(2)*w.Intn(20), 1+w.Intn(20)
	whole, err := w.Alloc(before + n + after)
	if err != nil {
		w.t.Fatal(err)
	}
	w.buffers = append(w.buffers, whole)
	w.Fill(whole, 1e6)
	b := whole.Slice(before, before+n)
	host := make([]float32, n)
	for i := range host {
		host[i] = next()
	}
	w.write(b, host)
	return b
}

// mat views rows×cols of a random buffer at a random offset, sometimes with gaps
// between the rows.
func (w *world) mat(rows, cols int) device.Mat { return w.matOf(rows, cols, w.buffer) }

func (w *world) matOf(rows, cols int, fill func(int) device.Buffer) device.Mat {
	m := device.Mat{Offset: w.Intn(2) * w.Intn(5), Rows: rows, Cols: cols, Stride: cols + w.Intn(2)*w.Intn(6)}
	m.Buffer = fill(m.Offset + rows*m.Stride + w.Intn(3))
	return m
}

// result keeps a number that a kernel returned, to be compared too.
func (w *world) result(x float64) { w.results = append(w.results, float32(x)) }

func (w *world) write(b device.Buffer, host []float32) {
	w.t.Helper()
	if err := w.Upload(b, host); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) read(b device.Buffer) []float32 {
	w.t.Helper()
	host := make([]float32, b.Len)
	if err := w.Download(host, b); err != nil {
		w.t.Fatal(err)
	}
	return host
}

func (w *world) free() {
	for _, b := range w.buffers {
		w.Free(b)
	}
}
