package planning

import (
	"context"

	"github.com/latco-studio/latco/resources/setting"
)

// MPPI is model predictive path integral control in the form of LatCo's
// Appendix D (after Williams et al., 2016; Nagabandi et al., 2020): as CEM, but
// the fit weighs all sequences by softmax(γ·return) and adds nothing to the
// variance.
//
// The zero value plans with the defaults of NewMPPI.
type MPPI struct {
	Samples    int     // sequences an iteration; default 1000
	Iterations int     // fits; default 10
	Gamma      float64 // γ, inverse temperature, 1/reward; default 10
	Rollouts   string  // RolloutSampled (default) or RolloutMean
}

var _ Configurable = (*MPPI)(nil)

// NewMPPI has 1000 samples and γ = 10 (Appendix D) and 10 iterations, which
// answer in interactive time; the paper's count on MetaWorld is 100. Rollouts
// are sampled, as in CEM.
func NewMPPI() *MPPI {
	return &MPPI{Samples: 1000, Iterations: 10, Gamma: 10, Rollouts: RolloutSampled}
}

// Fields lists the settings.
func (m *MPPI) Fields() []setting.Field {
	return []setting.Field{
		samplesField(&m.Samples),
		iterationsField(&m.Iterations),
		{Key: "gamma", Title: "Sharpness γ", Unit: "1/reward", Min: 1e-4, Max: 1e4, Log: true, Value: &m.Gamma,
			Help: "Factor of the return in the softmax weights (Appendix D): high values follow the best sequence alone, low ones average all."},
		rolloutField(&m.Rollouts),
	}
}

// Plan needs a Scorer. Errors as for CEM.
func (m *MPPI) Plan(ctx context.Context, p *Problem) (*Plan, error) {
	use := *m
	if err := prepare(p, use.Fields(), NewMPPI().Fields()); err != nil {
		return nil, err
	}
	s, err := newShooter("mppi", p, use.Samples, use.Rollouts)
	if err != nil {
		return nil, err
	}
	s.fit = func(s search, mean, std []float64) (float64, error) {
		return s.FitSoftmax(use.Gamma, mean, std)
	}
	return s.run(ctx, use.Iterations)
}
