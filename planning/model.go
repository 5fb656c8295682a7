package planning

import (
	"errors"
	"fmt"
	"math/rand"
)

// Model is the least a planner can work with: sizes and forward prediction.
// All methods of a model may be called by one planner at a time; matrices are
// row-major and owned by the caller.
type Model interface {
	FeatureDim() int // Z
	ActionDim() int  // A

	// Imagine rolls actions (H×A, clipped to ±1 by the model's user) from the
	// feature (Z) and fills latents ((H+1)×Z, first row = feature) and rewards
	// (H, of the states 1..H). With rng nil every transition takes the mean of
	// the prior, else it is sampled from it.
	Imagine(feature, actions, latents, rewards []float64, rng *rand.Rand) error
}

// Scorer rolls out many action sequences in one call.
// CEM, MPPI and random shooting need it.
type Scorer interface {
	Model
	// Score fills returns (n) with Σ_t r(z_t) over states 1..h for n sequences
	// (actions: n×h×A) that all start at feature (Z). rng as in Imagine: nil
	// takes means, else one sampled trajectory a sequence.
	Score(feature []float64, actions []float32, n, h int, returns []float64, rng *rand.Rand) error
}

// Batcher is a Scorer that knows its own speed. Planners that score more
// sequences than this split them over several calls and look at their context
// in between, so one call should take well under 100 ms.
type Batcher interface {
	// ScoreBatch is the number of sequences of h actions to score in one call.
	ScoreBatch(h int) int
}

// Searcher is a Scorer that keeps the sequences of a search where it computes:
// they are drawn, scored and fitted there, and only mean and standard deviation
// come back. For any other Scorer the planners do the same themselves.
type Searcher interface {
	Scorer
	// StartSearch makes room for n sequences of h actions that start at feature
	// (Z). sampled and seed as in Score's rng: one sampled trajectory a sequence,
	// or means; every number of chance follows from seed.
	StartSearch(feature []float64, n, h int, sampled bool, seed uint64) error
	// SearchRange draws sequences first … first+n−1 of iteration k ≥ 0 and
	// computes their returns. A sequence is mean + std∘ε (H·A each) limited to ±1,
	// element j of the i-th with number i·H·A+j of stream k·(h+1) of the seed in
	// package philox as ε.
	SearchRange(k, first, n int, mean, std []float64) error
	// FitElites fills mean and std (H·A) with mean and standard deviation of the
	// best sequences, of equal ones the first, floor being added to the variance.
	// FitSoftmax takes all, weighed by exp(gamma·return). Both return the weighted
	// mean return, which is NaN if one of the returns is not finite.
	FitElites(elites int, floor float64, mean, std []float64) (float64, error)
	FitSoftmax(gamma float64, mean, std []float64) (float64, error)
}

// Linearizer gives values and Jacobians of many transitions in one call.
// LatCo, Gauss-Newton shooting and iLQR need it.
type Linearizer interface {
	Model
	// Linearize evaluates the mean transition μ at n pairs z (n×Z), a (n×A):
	// next (n×Z), dz (n×Z×Z, ∂next/∂z), da (n×Z×A). dz and da may be nil.
	Linearize(n int, z, a, next, dz, da []float64) error
	// LinearizeReward evaluates r at n features: r (n), drdz (n×Z, may be nil).
	LinearizeReward(n int, z, r, drdz []float64) error
}

// LinearizeBatcher is a Linearizer that knows its own speed. Parallel plans ask
// for so many transitions in one call, and look at their context in between, so
// one call should take well under 100 ms.
type LinearizeBatcher interface {
	LinearizeBatch() int
}

// MomentLinearizer pushes samples of a Gaussian through the stochastic dynamics.
// Gaussian LatCo needs it.
type MomentLinearizer interface {
	Linearizer
	// LinearizeMoments draws K samples z = mean + std∘ε for each of n rows
	// (mean, std: n×Z; a: n×A), samples each one's next feature from the prior,
	// and fills nextMean, nextStd (n×Z: mean and population standard deviation
	// over the K samples) and dz (n×Z×Z), da (n×Z×A): the Jacobians of nextMean
	// with respect to mean and a at fixed noise, std held constant. dz and da may
	// be nil. The noise of a row is that of number first+i in the stream of seed,
	// so that it does not depend on how many rows are asked for at once.
	LinearizeMoments(n, k int, mean, std, a, nextMean, nextStd, dz, da []float64, seed uint64, first int) error
	// ExpectRewards draws K samples likewise for each of n rows and fills, of the
	// reward r at them, reward (n) with the mean, cost (n) with the mean of
	// softplus(−r) and dcost (n×Z) with the gradient of cost with respect to mean
	// at fixed noise. Its noise is not that of LinearizeMoments.
	ExpectRewards(n, k int, mean, std, reward, cost, dcost []float64, seed uint64, first int) error
}

// Collocator is a MomentLinearizer that takes the steps of collocation where it
// computes: the Jacobians of all plans stay there. With any other Linearizer the
// planners do it themselves.
type Collocator interface {
	MomentLinearizer
	ChainLinearizer
	ChainStepper
	// CollocateFrom is how many operations the steps of all plans must take
	// together (P·H·StepOperations) to be done sooner here than by the planner.
	CollocateFrom() float64
	// StartCollocation makes room for P plans of h actions, with moments of so many
	// samples, 0 for means, and steps of damping δ. It says how systems are solved,
	// for Plan.Solver. An error leaves the steps to the planner.
	StartCollocation(plans, h, samples int, damping float64) (solver string, err error)
}

// ChainLinearizer evaluates the transitions of all plans and keeps their Jacobians.
// Rows are the time steps 0..H−1 of the plans, one plan behind the other, P·H in all.
type ChainLinearizer interface {
	// Collocate fills the mean transition at z (P·H×Z), a (P·H×A) next (P·H×Z), and
	// at the states to (P·H×Z) after it reward (P·H) and drdz (P·H×Z).
	Collocate(z, a, next, to, reward, drdz []float64) error
	// CollocateMoments fills what LinearizeMoments does, with the samples of
	// StartCollocation, the first row being number 0.
	CollocateMoments(mean, std, a, nextMean, nextStd []float64, seed uint64) error
}

// ChainStepper solves for the steps of what a ChainLinearizer evaluated last.
type ChainStepper interface {
	// StepChains fills step (P×H·(A+Z), of a plan a_0, [a_1, z_1], …, z_H) with
	// the solutions of (2JᵀJ + δI)x = 2Jᵀρ and corrected (P) with the relative size
	// of their last correction, of which the square is about the relative error that
	// is left; NaN is no solution. Residuals ρ of a row t are dyn_t·defect_t, defect
	// (P·H×Z) = z_{t+1} − next_t, act_t·excess_t, excess (P·H×A) = sign(a_t)·max(0,
	// |a_t|−1), and κ·cost_t with gradient κ·dcost_t (P·H, ×Z) with respect to
	// z_{t+1}; dyn, act: P·H, kappa: P.
	StepChains(defect, excess, cost, dcost, dyn, act, kappa, step, corrected []float64) error
	// ChainJacobians fills dz (H×Z×Z) and da (H×Z×A) with the Jacobians of one plan.
	ChainJacobians(plan int, dz, da []float64) error
}

// ErrMissing is wrapped by NeedError.
var ErrMissing = errors.New("model lacks an ability")

// NeedError says which ability a planner needs and the model has not.
type NeedError struct {
	Planner string
	Need    string
}

func (e *NeedError) Error() string {
	return fmt.Sprintf("planner %s needs a model with %s", e.Planner, e.Need)
}

func (e *NeedError) Unwrap() error { return ErrMissing }
