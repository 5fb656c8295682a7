package devicetest

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// scan checks the recurrence of training, where the device takes it whole.
func (s *suite) scan(t T) {
	if _, ok := s.dev.(device.Scanner); !ok {
		return
	}
	if _, ok := s.ref.(device.Scanner); !ok {
		t.Fatal("the reference has no device.Scanner")
	}
	t.Run("shapes", s.scanShapes)
	t.Run("not finite", s.scanNonFinite)
	t.Run("gradients", s.scanGradients)
	t.Run("panics", s.scanPanics)
}

// scanned is a scan on a device, with all that its gradient needs.
type scanned struct {
	device.ScanShape
	device.Scanner
	weights  device.ScanWeights
	trace    device.ScanTrace
	gradient device.ScanGradient
}

// weightsOf is a random matrix that keeps the size of what it multiplies: a view of
// rows that other parameters may follow.
func (w *world) weightsOf(rows, cols int) device.Mat {
	size := 1 / math.Sqrt(float64(rows))
	return w.matOf(rows, cols, func(n int) device.Buffer {
		return w.filled(n, func() float32 { return float32(size * w.NormFloat64()) })
	})
}

// scanned makes a scan. Half of the matrices are aligned, with rows that follow one
// another, as those of a network are.
func (w *world) scanned(s device.ScanShape) scanned {
	weights := func(rows, cols int) device.Mat {
		m := w.weightsOf(rows, cols)
		if w.Intn(2) == 0 {
			b, err := w.Alloc(rows * cols)
			if err != nil {
				w.t.Fatal(err)
			}
			w.buffers = append(w.buffers, b)
			w.CopyMat(b.Mat(rows, cols), m)
			return b.Mat(rows, cols)
		}
		return m
	}
	return newScanned(w.Device, s, weights, w.mat, w.buffer)
}

// newScanned makes a scan of matrices and buffers that others make, weights for those
// that a state is multiplied with.
func newScanned(dev device.Device, s device.ScanShape, weights, mat func(rows, cols int) device.Mat, buffer func(n int) device.Buffer) scanned {
	n, u := s.Rows(), 3*s.Deter
	x := scanned{ScanShape: s, Scanner: dev.(device.Scanner)}
	x.weights = device.ScanWeights{
		InStoch: weights(s.Stoch, s.Hidden), Gate: weights(s.Hidden, u), Recur: weights(s.Deter, u),
		PostState: weights(s.Deter, s.Hidden), PostOut: weights(s.Hidden, 2*s.Stoch),
		InB: buffer(s.Hidden), PostB: buffer(s.Hidden), GateB: buffer(u), PostOutB: buffer(2 * s.Stoch),
	}
	if !s.ResetBefore {
		x.weights.RecurB = buffer(u)
	}
	x.trace = device.ScanTrace{
		In: mat(n, s.Hidden), Post: mat(n, s.Hidden), Noise: mat(n, s.Stoch), Gates: mat(n, u), Side: mat(n, s.Deter),
		Deter: mat(n, s.Deter), Raw: mat(n, 2*s.Stoch), Mean: mat(n, s.Stoch), Std: mat(n, s.Stoch), Stoch: mat(n, s.Stoch),
	}
	x.gradient = device.ScanGradient{
		Mean: mat(n, s.Stoch), Std: mat(n, s.Stoch), Stoch: mat(n, s.Stoch), Deter: mat(n, s.Deter),
		In: mat(n, s.Hidden), Post: mat(n, s.Hidden), Gx: mat(n, u), Raw: mat(n, 2*s.Stoch),
	}
	if !s.ResetBefore {
		x.gradient.Gh = mat(n, u)
	}
	return x
}

func (x scanned) forward()  { x.Scan(x.ScanShape, x.weights, x.trace) }
func (x scanned) backward() { x.ScanBackward(x.ScanShape, x.weights, x.trace, x.gradient) }

// scanShapes has odd sizes, those of the class preset, more sequences than a block
// each for them, and widths of the paper's network.
func (s *suite) scanShapes(t T) {
	shapes := []device.ScanShape{
		{T: 1, B: 1, Stoch: 1, Deter: 1, Hidden: 1},
		{T: 1, B: 3, Stoch: 1, Deter: 7, Hidden: 33, Act: device.ELU},
		{T: 7, B: 1, Stoch: 3, Deter: 7, Hidden: 33, Act: device.Tanh, MinStd: 0.1},
		{T: 4, B: 5, Stoch: 4, Deter: 8, Hidden: 12, Act: device.ELU, MinStd: 0.1},
		{T: 5, B: 2, Stoch: 5, Deter: 20, Hidden: 12, Act: device.ReLU, MinStd: 0.1},
		{T: 3, B: 4, Stoch: 16, Deter: 64, Hidden: 64, Act: device.ELU, MinStd: 0.1},
		{T: 2, B: 33, Stoch: 2, Deter: 5, Hidden: 4, Act: device.Sigmoid, MinStd: 0.1},
		{T: 2, B: 2, Stoch: 30, Deter: 200, Hidden: 200, Act: device.ELU, MinStd: 0.1},
		{T: 2, B: 1, Stoch: 70, Deter: 3, Hidden: 700, Act: device.ELU, MinStd: 0.1},
		{T: 2, B: 1, Stoch: 1, Deter: 8, Hidden: 2000, Act: device.Tanh},
		{T: 0, B: 4, Stoch: 3, Deter: 7, Hidden: 5},
		{T: 3, B: 0, Stoch: 3, Deter: 7, Hidden: 5},
	}
	for i, z := range shapes {
		for _, z.ResetBefore = range []bool{false, true} {
			if !s.dev.(device.Scanner).Scans(z) {
				t.Errorf("the device does not take %+v", z)
				continue
			}
			t.Run(fmt.Sprintf("%dx%d %d %d %d before %v", z.T, z.B, z.Stoch, z.Deter, z.Hidden, z.ResetBefore), func(t T) {
				s.agree(t, int64(i), 2e-5, func(w *world) {
					x := w.scanned(z)
					x.forward()
					x.backward()
				})
			})
		}
	}
}

// scanNonFinite: what is not finite passes on within its sequence, and to no other.
func (s *suite) scanNonFinite(t T) {
	for i, bad := range []float32{nan, float32(math.Inf(1)), float32(math.Inf(-1))} {
		for _, before := range []bool{false, true} {
			s.agree(t, int64(i), 2e-5, func(w *world) {
				x := w.scanned(device.ScanShape{T: 3, B: 3, Stoch: 3, Deter: 6, Hidden: 9, Act: device.ELU, ResetBefore: before, MinStd: 0.1})
				at := func(m device.Mat, row, col int) device.Buffer {
					lo := m.Offset + row*m.Stride + col
					return m.Slice(lo, lo+1)
				}
				w.Fill(at(x.trace.Noise, 4, 1), bad)
				x.forward()
				w.Fill(at(x.gradient.Deter, 8, 2), bad)
				x.backward()
			})
		}
	}
}

// scanGradients compares with central differences of the loss Σ c∘[s, h, mean, std].
func (s *suite) scanGradients(t T) {
	for _, before := range []bool{false, true} {
		w := s.world(t)
		z := device.ScanShape{T: 4, B: 2, Stoch: 3, Deter: 5, Hidden: 6, Act: device.Tanh, ResetBefore: before, MinStd: 0.1}
		x, n := w.scanned(z), z.Rows()
		in, post := w.buffer(n*z.Hidden), w.buffer(n*z.Hidden)
		forward := func() {
			w.CopyMat(x.trace.In, in.Mat(n, z.Hidden))
			w.CopyMat(x.trace.Post, post.Mat(n, z.Hidden))
			x.forward()
		}
		loss := func() float64 {
			forward()
			sum := 0.0
			for _, p := range [][2]device.Mat{{x.trace.Stoch, x.gradient.Stoch}, {x.trace.Deter, x.gradient.Deter},
				{x.trace.Mean, x.gradient.Mean}, {x.trace.Std, x.gradient.Std}} {
				sum += w.product(p[0], p[1])
			}
			return sum
		}
		forward()
		x.backward()
		for _, g := range []struct {
			name string
			x    device.Buffer
			of   device.Mat
			sum  bool // over the rows: of a bias
		}{
			{"In", in, x.gradient.In, false}, {"Post", post, x.gradient.Post, false},
			{"InB", x.weights.InB, x.gradient.In, true}, {"PostB", x.weights.PostB, x.gradient.Post, true},
			{"GateB", x.weights.GateB, x.gradient.Gx, true}, {"PostOutB", x.weights.PostOutB, x.gradient.Raw, true},
			{"RecurB", x.weights.RecurB, x.gradient.Gh, true},
		} {
			if g.x.Len == 0 {
				continue
			}
			grad := w.buffer(g.x.Len)
			if g.sum {
				w.ColSum(g.of, 0, grad)
			} else {
				w.CopyMat(grad.Mat(g.of.Rows, g.of.Cols), g.of)
			}
			w.slope(fmt.Sprintf("%s, reset before %v", g.name, before), g.x, grad, loss)
		}
	}
}

// product is Σ a∘b.
func (w *world) product(a, b device.Mat) float64 {
	x, y, sum := w.read(a.Buffer), w.read(b.Buffer), 0.0
	for i := range a.Rows {
		for j := range a.Cols {
			sum += float64(x[a.Offset+i*a.Stride+j]) * float64(y[b.Offset+i*b.Stride+j])
		}
	}
	return sum
}

func (s *suite) scanPanics(t T) {
	for name, mistake := range map[string]func(w *world, x *scanned){
		"a weight":   func(w *world, x *scanned) { x.weights.Gate = w.mat(6, 14) },
		"a bias":     func(w *world, x *scanned) { x.weights.RecurB = w.buffer(3) },
		"a buffer":   func(w *world, x *scanned) { x.trace.Side = w.buffer(3).Mat(4, 5) },
		"a gradient": func(w *world, x *scanned) { x.gradient.Gh = device.Mat{} },
		"a size":     func(_ *world, x *scanned) { x.Deter = 0 },
	} {
		t.Run(name, func(t T) {
			w := s.world(t)
			x := w.scanned(device.ScanShape{T: 2, B: 2, Stoch: 3, Deter: 5, Hidden: 6})
			mistake(w, &x)
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			x.backward()
		})
	}
}
