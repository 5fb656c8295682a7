package device

import "fmt"

// ScanShape sizes the recurrence of an RSSM over B sequences of T time steps. Rows
// of its matrices are ordered by time, then by sequence: row t·B + b of n = T·B.
type ScanShape struct {
	T, B                 int
	Stoch, Deter, Hidden int
	Act                  Activation // of the dense layers
	ResetBefore          bool       // which GRU, see Recurrent
	MinStd               float32    // added to the softplus of a raw deviation
}

// ScanWeights are the parameters that a time step reads.
type ScanWeights struct {
	InStoch   Mat // Stoch×Hidden
	Gate      Mat // Hidden×3·Deter, columns z, r, n
	Recur     Mat // Deter×3·Deter
	PostState Mat // Deter×Hidden
	PostOut   Mat // Hidden×2·Stoch

	InB, PostB Buffer // Hidden
	GateB      Buffer // 3·Deter
	RecurB     Buffer // 3·Deter; Len 0 where ResetBefore
	PostOutB   Buffer // 2·Stoch
}

// ScanTrace is what a scan reads and computes; the views do not overlap.
type ScanTrace struct {
	In, Post  Mat // n×Hidden: given the part of the sum that no state enters, then the layer
	Noise     Mat // n×Stoch, given
	Gates     Mat // n×3·Deter: z, r, n
	Side      Mat // n×Deter: U_n·h + b_n, or where ResetBefore r∘h
	Deter     Mat // n×Deter: h_t
	Raw       Mat // n×2·Stoch: the posterior's mean and raw deviation
	Mean, Std Mat // n×Stoch
	Stoch     Mat // n×Stoch: s_t
}

// ScanGradient is what a scan's gradient reads and computes; the views overlap
// neither each other nor those of the trace.
type ScanGradient struct {
	Mean, Std    Mat // n×Stoch, given: of the posterior's moments
	Stoch, Deter Mat // n×Stoch, n×Deter, given: what reaches s_t and h_t from outside the recurrence

	In, Post Mat // n×Hidden: before the activation
	Gx       Mat // n×3·Deter: of the GRU's input side
	Gh       Mat // n×3·Deter: of its recurrent side; no rows where ResetBefore, where it is that of Gx
	Raw      Mat // n×2·Stoch
}

// Scanner is a device that carries sequences through all time steps at once:
// from s_{−1} = 0 and h_{−1} = 0
//
//	in_t = act(in_t + s_{t−1}·InStoch + InB)    h_t = GRU(in_t·Gate + GateB, h_{t−1})
//	post_t = act(post_t + h_t·PostState + PostB)
//	[mean_t, raw_t] = post_t·PostOut + PostOutB
//	std_t = softplus(raw_t) + MinStd            s_t = mean_t + std_t∘noise_t
//
// and back. Gradients of the weights are products over all rows of what ScanBackward
// computes, and the caller's.
type Scanner interface {
	// Scans says that the device takes scans of this shape, as it does where that
	// is faster than step by step.
	Scans(s ScanShape) bool
	Scan(s ScanShape, w ScanWeights, x ScanTrace)
	ScanBackward(s ScanShape, w ScanWeights, x ScanTrace, d ScanGradient)
}

// Rows is T·B.
func (s ScanShape) Rows() int { return s.T * s.B }

// scanView is a matrix with the shape it must have.
type scanView struct {
	name       string
	m          Mat
	rows, cols int
}

func checkScan(views []scanView) {
	for _, v := range views {
		if v.m.Rows != v.rows || v.m.Cols != v.cols {
			panic(fmt.Sprintf("device: scan: %s is %d×%d, want %d×%d", v.name, v.m.Rows, v.m.Cols, v.rows, v.cols))
		}
		if v.rows > 0 && v.cols > 0 && (v.m.Offset < 0 || v.rows > 1 && v.m.Stride < v.cols ||
			v.m.Offset+(v.rows-1)*v.m.Stride+v.cols > v.m.Len) {
			panic(fmt.Sprintf("device: scan: %s of %d×%d from %d on with stride %d in a buffer of %d",
				v.name, v.rows, v.cols, v.m.Offset, v.m.Stride, v.m.Len))
		}
	}
}

// Check panics unless weights and trace of a Scan fit.
func (s ScanShape) Check(w ScanWeights, x ScanTrace) {
	if s.T < 0 || s.B < 0 || s.Stoch < 1 || s.Deter < 1 || s.Hidden < 1 || s.Act > Tanh {
		panic(fmt.Sprintf("device: scan of %+v", s))
	}
	n, u, recurB := s.Rows(), 3*s.Deter, 3*s.Deter
	if s.ResetBefore {
		recurB = 0
	}
	checkScan([]scanView{
		{"InStoch", w.InStoch, s.Stoch, s.Hidden}, {"Gate", w.Gate, s.Hidden, u}, {"Recur", w.Recur, s.Deter, u},
		{"PostState", w.PostState, s.Deter, s.Hidden}, {"PostOut", w.PostOut, s.Hidden, 2 * s.Stoch},
		{"In", x.In, n, s.Hidden}, {"Post", x.Post, n, s.Hidden}, {"Noise", x.Noise, n, s.Stoch},
		{"Gates", x.Gates, n, u}, {"Side", x.Side, n, s.Deter}, {"Deter", x.Deter, n, s.Deter},
		{"Raw", x.Raw, n, 2 * s.Stoch}, {"Mean", x.Mean, n, s.Stoch}, {"Std", x.Std, n, s.Stoch}, {"Stoch", x.Stoch, n, s.Stoch},
	})
	for _, b := range []struct {
		name string
		b    Buffer
		want int
	}{{"InB", w.InB, s.Hidden}, {"PostB", w.PostB, s.Hidden}, {"GateB", w.GateB, u}, {"RecurB", w.RecurB, recurB}, {"PostOutB", w.PostOutB, 2 * s.Stoch}} {
		if b.b.Len != b.want {
			panic(fmt.Sprintf("device: scan: %s has %d numbers, want %d", b.name, b.b.Len, b.want))
		}
	}
}

// CheckBackward is Check for a ScanBackward.
func (s ScanShape) CheckBackward(w ScanWeights, x ScanTrace, d ScanGradient) {
	s.Check(w, x)
	n, u := s.Rows(), 3*s.Deter
	views := []scanView{
		{"gradient of Mean", d.Mean, n, s.Stoch}, {"gradient of Std", d.Std, n, s.Stoch},
		{"gradient of Stoch", d.Stoch, n, s.Stoch}, {"gradient of Deter", d.Deter, n, s.Deter},
		{"gradient of In", d.In, n, s.Hidden}, {"gradient of Post", d.Post, n, s.Hidden},
		{"gradient Gx", d.Gx, n, u}, {"gradient of Raw", d.Raw, n, 2 * s.Stoch},
	}
	if !s.ResetBefore {
		views = append(views, scanView{"gradient Gh", d.Gh, n, u})
	}
	checkScan(views)
}
