package planning

import (
	"context"
	"fmt"

	"github.com/latco-studio/latco/resources/setting"
)

// CEM is the cross-entropy method over action sequences as in PlaNet (Hafner et
// al., 2019, Algorithm 2; LatCo, Appendix D): draw from a diagonal Gaussian that
// starts at N(0, I), clip to ±1, score, fit mean and standard deviation to the
// elites, repeat. The plan is the final mean.
//
// With sampled rollouts a sequence is judged by one lucky or unlucky future, so
// that the elites are optimistic (Section 5.5).
//
// The zero value plans with the defaults of NewCEM.
type CEM struct {
	Samples    int    // sequences an iteration; default 1000
	Elites     int    // best sequences the fit uses, ≤ Samples; default 100
	Iterations int    // fits; default 10
	Rollouts   string // RolloutSampled (default) or RolloutMean
}

var _ Configurable = (*CEM)(nil)

// cemVariance is added to the elites' variance before its root is taken.
const cemVariance = 1e-6

// NewCEM has PlaNet's sizes, which the paper also takes on DM Control and which
// answer in interactive time: 1000 samples, 100 elites, 10 iterations. The
// paper's sizes on MetaWorld are 10000, 100 and 100. Rollouts are sampled, as
// PlaNet does and as the paper describes the lottery; the released LatCo program
// takes the mean.
func NewCEM() *CEM {
	return &CEM{Samples: 1000, Elites: 100, Iterations: 10, Rollouts: RolloutSampled}
}

// Fields lists the settings.
func (c *CEM) Fields() []setting.Field {
	return []setting.Field{
		samplesField(&c.Samples),
		{Key: "elites", Title: "Elites", Min: 1, Max: 1e6, Log: true, Value: &c.Elites,
			Help: "Best sequences that the next distribution is fitted to (Appendix D); fewer converge faster and more greedily."},
		iterationsField(&c.Iterations),
		rolloutField(&c.Rollouts),
	}
}

// Plan needs a Scorer. Errors: *ProblemError, *setting.RangeError, *NeedError,
// *NonFiniteError, those of the model, and ctx's with a plan.
func (c *CEM) Plan(ctx context.Context, p *Problem) (*Plan, error) {
	use := *c
	if err := prepare(p, use.Fields(), NewCEM().Fields()); err != nil {
		return nil, err
	}
	if use.Elites > use.Samples {
		return nil, &setting.RangeError{Key: "elites", Value: fmt.Sprint(use.Elites),
			Want: fmt.Sprintf("at most the %d samples", use.Samples)}
	}
	s, err := newShooter("cem", p, use.Samples, use.Rollouts)
	if err != nil {
		return nil, err
	}
	s.fit = func(s search, mean, std []float64) (float64, error) {
		return s.FitElites(use.Elites, cemVariance, mean, std)
	}
	return s.run(ctx, use.Iterations)
}
