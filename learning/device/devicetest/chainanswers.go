package devicetest

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/latco-studio/latco/learning/device"
)

// chainUnsolvable has systems of which the answer must be that there is none, beside
// others that are not touched by it.
func (s *suite) chainUnsolvable(t T) {
	z := device.ChainShape{Plans: 3, Horizon: 6, Latent: 9, Action: 2}
	inf := float32(math.Inf(1))
	for name, c := range map[string]struct {
		of func(c chained) device.Buffer
		v  float32
	}{
		"defect":     {func(c chained) device.Buffer { return c.Defect }, nan},
		"cost":       {func(c chained) device.Buffer { return c.Cost }, nan},
		"slope":      {func(c chained) device.Buffer { return c.CostGradient }, nan},
		"excess":     {func(c chained) device.Buffer { return c.Excess }, nan},
		"weight":     {func(c chained) device.Buffer { return c.Dyn }, nan},
		"no weight":  {func(c chained) device.Buffer { return c.Dyn }, inf},
		"κ":          {func(c chained) device.Buffer { return c.Kappa }, nan},
		"a Jacobian": {func(c chained) device.Buffer { return c.Jacobian }, nan},
	} {
		t.Run(name, func(t T) {
			w := s.world(t)
			y := w.chained(z, 100)
			w.Fill(y.Excess, 0.5)
			b := c.of(y)
			steps := b.Len / z.Plans
			at := steps + w.Intn(steps) // in the second plan
			if name == "a Jacobian" {   // where it is read
				first := steps / z.Horizon
				at = steps + first + w.Intn(steps-first)
			}
			w.Fill(b.Slice(at, at+1), c.v)
			w.solve(y)
			got := w.read(y.corrected)
			if got[1] == got[1] || !(got[0] <= mostCorrected) || !(got[2] <= mostCorrected) {
				t.Errorf("corrected is %g; only the second should be NaN", got)
			}
		})
	}
	t.Run("indefinite", func(t T) {
		w := s.world(t)
		y := w.chained(z, 100)
		y.Damping = -1e6
		w.solve(y)
		if got := w.read(y.corrected); slices.ContainsFunc(got, func(x float32) bool { return x == x }) {
			t.Errorf("corrected is %g, want NaN", got)
		}
	})
	t.Run("solved", func(t T) {
		w := s.world(t)
		y := w.chained(z, 100)
		for _, b := range []device.Buffer{y.Defect, y.Excess, y.Cost} {
			w.Fill(b, 0)
		}
		w.solve(y)
		for _, b := range []device.Buffer{y.step, y.corrected} {
			if x := w.read(b); slices.ContainsFunc(x, func(x float32) bool { return x != 0 }) {
				t.Errorf("without residuals the step and its correction are %g, want 0", x)
			}
		}
	})
}

// chainDense solves small systems in the closed form of least squares: with ρ and J
// written out row by row, as ChainSystem has them.
func (s *suite) chainDense(t T) {
	for i, z := range []device.ChainShape{
		{Plans: 1, Horizon: 1, Latent: 2, Action: 1}, {Plans: 2, Horizon: 2, Latent: 3, Action: 2}, {Plans: 3, Horizon: 6, Latent: 4, Action: 1},
	} {
		w := s.world(t)
		y := w.chained(z, math.Pow(10, float64(i)))
		w.solve(y)
		step, n := w.read(y.step), z.Unknowns()
		for p := range z.Plans {
			want := w.closedForm(y, p)
			got := mat.NewVecDense(n, nil)
			for i := range n {
				got.SetVec(i, float64(step[p*n+i]))
			}
			got.SubVec(got, want)
			if off := mat.Norm(got, 2) / mat.Norm(want, 2); !(off < 5*chainError) {
				t.Errorf("%+v: the step of plan %d is off by %g of its size", z, p, off)
			}
		}
	}
}

// closedForm is (2JᵀJ + δI)⁻¹·2Jᵀρ of plan p.
func (w *world) closedForm(c chained, p int) *mat.VecDense {
	h, z, a := c.Horizon, c.Latent, c.Action
	n, unknowns, rows := a+z, c.Unknowns(), h*(z+a+1)
	j, rho := mat.NewDense(rows, unknowns, nil), mat.NewVecDense(rows, nil)
	at := func(b device.Buffer, i int) float64 { return float64(w.read(b)[p*(b.Len/c.Plans)+i]) }
	action := func(t, i int) int { return max(0, t*n-z) + i }
	latent := func(t, i int) int { return t*n - z + i + bit(t < h)*a }
	for t, row := 0, 0; t < h; t++ {
		dyn, act, kappa := at(c.Dyn, t), at(c.Act, t), at(c.Kappa, 0)
		for i := range z {
			rho.SetVec(row, dyn*at(c.Defect, t*z+i))
			j.Set(row, latent(t+1, i), dyn)
			for k := range a {
				j.Set(row, action(t, k), -dyn*at(c.Jacobian, (t*z+i)*n+k))
			}
			for k := 0; k < z && t > 0; k++ {
				j.Set(row, latent(t, k), -dyn*at(c.Jacobian, (t*z+i)*n+a+k))
			}
			row++
		}
		for i := range a {
			if over := at(c.Excess, t*a+i); over != 0 {
				// The residual is |over|, its derivative the sign of a_t.
				rho.SetVec(row, act*math.Abs(over))
				j.Set(row, action(t, i), math.Copysign(act, over))
			}
			row++
		}
		rho.SetVec(row, kappa*at(c.Cost, t))
		for i := range z {
			j.Set(row, latent(t+1, i), kappa*at(c.CostGradient, t*z+i))
		}
		row++
	}
	m, right, x := mat.NewSymDense(unknowns, nil), mat.NewVecDense(unknowns, nil), mat.NewVecDense(unknowns, nil)
	m.SymOuterK(2, j.T())
	for i := range unknowns {
		m.SetSym(i, i, m.At(i, i)+float64(c.Damping))
	}
	right.MulVec(j.T(), rho)
	right.ScaleVec(2, right)
	var pivot mat.Cholesky
	if !pivot.Factorize(m) {
		w.t.Fatal("the system in closed form is not positive definite")
	}
	if err := pivot.SolveVecTo(x, right); err != nil {
		w.t.Fatal(err)
	}
	return x
}

func bit(x bool) int {
	if x {
		return 1
	}
	return 0
}

// gruJacobian has both kinds of GRU, strides, and sizes from one number to the
// paper's.
func (s *suite) gruJacobian(t T) {
	for i, z := range [][4]int{{1, 1, 1, 1}, {3, 2, 5, 1}, {2, 30, 200, 4}, {7, 16, 64, 2}, {1, 5, 33, 31}} {
		n, stoch, deter, act := z[0], z[1], z[2], z[3]
		for gates := range 4 {
			s.agree(t, int64(i), 1e-5, func(w *world) {
				p := device.GRUParts{
					StochDeter: w.mat(n*stoch, deter), StochIn: w.mat(n*stoch, stoch+act), DeterIn: w.mat(n*(stoch+act), deter),
					Gates: w.mat(n, gates*deter), Keep: w.mat(n, deter), Recur: w.mat(deter, 3*deter), Scale: 0.25,
				}
				if gates < 3 {
					p.Through = w.mat(n*deter, deter)
				}
				w.Device.(device.Chain).GRUJacobian(n, p, w.buffer(n*(stoch+deter)*(act+stoch+deter)))
			})
		}
	}
}

// chainPanics checks that broken promises about sizes are found.
func (s *suite) chainPanics(t T) {
	z := device.ChainShape{Plans: 2, Horizon: 3, Latent: 4, Action: 1}
	parts := func(w *world) device.GRUParts {
		return device.GRUParts{StochDeter: w.mat(4, 5), StochIn: w.mat(4, 3), DeterIn: w.mat(6, 5), Gates: w.mat(2, 15), Keep: w.mat(2, 5), Recur: w.mat(5, 15)}
	}
	size := 2 * 7 * 8
	for name, mistake := range map[string]func(w *world, y chained, c device.Chain){
		"no steps":        func(w *world, y chained, c device.Chain) { y.Horizon = 0; w.solve(y) },
		"no actions":      func(w *world, y chained, c device.Chain) { y.Action = 0; w.solve(y) },
		"Jacobian":        func(w *world, y chained, c device.Chain) { y.Jacobian = w.buffer(3); w.solve(y) },
		"κ":               func(w *world, y chained, c device.Chain) { y.Kappa = w.buffer(3); w.solve(y) },
		"step":            func(w *world, y chained, c device.Chain) { y.step = w.buffer(3); w.solve(y) },
		"corrected":       func(w *world, y chained, c device.Chain) { y.corrected = w.buffer(3); w.solve(y) },
		"Jacobians":       func(w *world, y chained, c device.Chain) { c.GRUJacobian(2, parts(w), w.buffer(size-1)) },
		"no Jacobians":    func(w *world, y chained, c device.Chain) { c.GRUJacobian(0, parts(w), w.buffer(size)) },
		"Jacobians' rows": func(w *world, y chained, c device.Chain) { c.GRUJacobian(1, parts(w), w.buffer(size)) },
		"four gates": func(w *world, y chained, c device.Chain) {
			p := parts(w)
			p.Gates = w.mat(2, 20)
			c.GRUJacobian(2, p, w.buffer(size))
		},
		"through": func(w *world, y chained, c device.Chain) {
			p := parts(w)
			p.Through = w.mat(10, 4)
			c.GRUJacobian(2, p, w.buffer(size))
		},
	} {
		t.Run(name, func(t T) {
			w := s.world(t)
			y := w.chained(z, 1)
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			mistake(w, y, s.dev.(device.Chain))
		})
	}
	w := s.world(t) // what is not mistaken
	s.dev.(device.Chain).GRUJacobian(2, parts(w), w.buffer(size))
}
