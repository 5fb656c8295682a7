package device

import "fmt"

// ChainShape sizes the normal equations of collocation (LatCo, Eq. 9): Plans
// systems, each a chain of Horizon+1 blocks. Block t has the unknowns [a_t, z_t];
// the first has no z, which is given, the last no a.
type ChainShape struct{ Plans, Horizon, Latent, Action int }

// Unknowns is the number of a plan's unknowns, Horizon·(Action+Latent).
func (s ChainShape) Unknowns() int { return s.Horizon * (s.Action + s.Latent) }

// What every Chain takes at most.
const (
	MostChainUnknowns = 2047  // in a block
	MostChainBlocks   = 65535 // in a system
	MostChainPlans    = 65535
)

// Solvable says that systems are not too large for any Chain.
func (s ChainShape) Solvable() bool {
	return s.Action+s.Latent <= MostChainUnknowns && s.Horizon < MostChainBlocks && s.Plans <= MostChainPlans
}

// ChainSystem is what the residuals of collocation are made of, with P, H, Z, A
// of a ChainShape. For t = 0..H−1 they are
//
//	dyn_t·(z_{t+1} − μ(z_t, a_t))   Z numbers
//	act_t·max(0, |a_t| − 1)         A numbers
//	κ·cost_{t+1}                    1 number
type ChainSystem struct {
	Jacobian     Buffer  // P·H×Z×(A+Z): [∂μ/∂a ∂μ/∂z]; ∂μ/∂z of t = 0 is not read
	Defect       Buffer  // P·H×Z: z_{t+1} − μ(z_t, a_t)
	Excess       Buffer  // P·H×A: sign(a_t)·max(0, |a_t|−1); not 0 means that the bound is active
	Cost         Buffer  // P·H: of state t+1
	CostGradient Buffer  // P·H×Z: with respect to z_{t+1}
	Dyn, Act     Buffer  // P·H: factors of the residuals, κ included
	Kappa        Buffer  // P
	Damping      float32 // δ
}

// Chain is a device that takes Levenberg-Marquardt steps of collocation where the
// Jacobians lie. Package cpu is none: planners have the Jacobians there and factor
// their systems themselves, as fast as its processors can (planning/internal/blocktri).
type Chain interface {
	// ChainWork is how many numbers SolveChains needs to work in.
	ChainWork(s ChainShape) int
	// SolveChains fills step (P×Unknowns, block after block) with the solutions of
	// (2JᵀJ + δI)·x = 2Jᵀρ, factored in float32 and corrected once by their
	// residual in float64, and corrected (P) with the relative size of that
	// correction, of which the square is about the relative error that is left.
	// Where a system is not positive definite in float32, or has a NaN, corrected
	// is NaN and the step is of no use.
	SolveChains(s ChainShape, y ChainSystem, work, step, corrected Buffer)
	// GRUJacobian puts the parts of Jacobians together; see GRUParts.
	GRUJacobian(n int, p GRUParts, jacobian Buffer)
}

// GRUParts are the parts of n Jacobians of an RSSM's mean transition, x = [s, a]
// the GRU's input side. Row blocks i of jacobian (n×Z×(A+Z), Z = S+D) become
//
//	[∂s′/∂a ∂s′/∂s ∂s′/∂h]
//	[∂h′/∂a ∂h′/∂s ∂h′/∂h],  ∂h′/∂h = Scale·(diag(Keep_i) + Σ_g diag(Gates_{i,g})·U_gᵀ) + Through_i
//
// with as many gates g as Gates has columns for, U_g being the g-th D columns of
// Recur.
type GRUParts struct {
	StochDeter Mat // n·S×D: ∂s′/∂h
	StochIn    Mat // n·S×(S+A): ∂s′/∂x
	DeterIn    Mat // n·(S+A)×D: ∂h′/∂x transposed
	Gates      Mat // n×G·D
	Keep       Mat // n×D
	Recur      Mat // D×3·D
	Through    Mat // n·D×D, or no rows
	Scale      float32
}

// Check panics unless the buffers of a SolveChains fit.
func (y ChainSystem) Check(s ChainShape, step, corrected Buffer) {
	if s.Plans < 0 || s.Horizon < 1 || s.Latent < 1 || s.Action < 1 {
		panic(fmt.Sprintf("device: SolveChains of %+v", s))
	}
	steps := s.Plans * s.Horizon
	for _, b := range []struct {
		name string
		Buffer
		want int
	}{
		{"Jacobian", y.Jacobian, steps * s.Latent * (s.Action + s.Latent)}, {"Defect", y.Defect, steps * s.Latent},
		{"Excess", y.Excess, steps * s.Action}, {"Cost", y.Cost, steps}, {"CostGradient", y.CostGradient, steps * s.Latent},
		{"Dyn", y.Dyn, steps}, {"Act", y.Act, steps}, {"Kappa", y.Kappa, s.Plans},
		{"step", step, s.Plans * s.Unknowns()}, {"corrected", corrected, s.Plans},
	} {
		if b.Len != b.want {
			panic(fmt.Sprintf("device: SolveChains: %s has %d numbers, want %d", b.name, b.Len, b.want))
		}
	}
}

// Check panics unless the parts of n Jacobians fit together, and returns their sizes:
// numbers of s, h, a, and of gates.
func (p GRUParts) Check(n int, jacobian Buffer) (stoch, deter, action, gates int) {
	deter = p.Keep.Cols
	if n < 1 || deter < 1 {
		panic(fmt.Sprintf("device: GRUJacobian of %d Jacobians with %d numbers in h", n, deter))
	}
	stoch = p.StochIn.Rows / n
	action, gates = p.StochIn.Cols-stoch, p.Gates.Cols/deter
	z := stoch + deter
	for _, m := range []struct {
		name string
		Mat
		rows, cols int
	}{
		{"StochDeter", p.StochDeter, n * stoch, deter}, {"StochIn", p.StochIn, n * stoch, stoch + action},
		{"DeterIn", p.DeterIn, n * (stoch + action), deter}, {"Gates", p.Gates, n, gates * deter}, {"Keep", p.Keep, n, deter},
		{"Recur", p.Recur, deter, 3 * deter}, {"Through", p.Through, n * deter, deter},
	} {
		if m.name == "Through" && m.Rows == 0 {
			continue
		}
		if m.Rows != m.rows || m.Cols != m.cols || m.Rows > 1 && m.Stride < m.Cols ||
			m.Rows > 0 && m.Offset+(m.Rows-1)*m.Stride+m.Cols > m.Len {
			panic(fmt.Sprintf("device: GRUJacobian: %s is %d×%d from %d on with stride %d in a buffer of %d, want %d×%d",
				m.name, m.Rows, m.Cols, m.Offset, m.Stride, m.Len, m.rows, m.cols))
		}
	}
	if gates > 3 || jacobian.Len != n*z*(action+z) {
		panic(fmt.Sprintf("device: GRUJacobian with %d gates into %d numbers, want at most 3 into %d", gates, jacobian.Len, n*z*(action+z)))
	}
	return stoch, deter, action, gates
}
