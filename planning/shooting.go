package planning

import (
	"context"
	"math"

	"github.com/latco-studio/latco/resources/setting"
)

// RandomShooting draws action sequences from N(0, I), or about the warm plan,
// clips them to ±1 and takes the one with the best return: CEM that never fits, the
// baseline of the others. With sampled rollouts the best of many is the luckiest of
// them.
//
// The zero value plans with the defaults of NewRandomShooting.
type RandomShooting struct {
	Samples    int    // sequences an iteration; default 1000
	Iterations int    // times as many are drawn again; default 10
	Rollouts   string // RolloutSampled (default) or RolloutMean
}

var _ Configurable = (*RandomShooting)(nil)

// NewRandomShooting draws as many sequences in all as CEM, 1000 in each of 10
// iterations, so that the two can be compared.
func NewRandomShooting() *RandomShooting {
	return &RandomShooting{Samples: 1000, Iterations: 10, Rollouts: RolloutSampled}
}

// Fields lists the settings.
func (r *RandomShooting) Fields() []setting.Field {
	return []setting.Field{
		samplesField(&r.Samples),
		{Key: "iterations", Title: "Iterations", Min: 1, Max: 10000, Log: true, Value: &r.Iterations,
			Help: "Times that samples are drawn, always from the same distribution; the best of all is taken."},
		rolloutField(&r.Rollouts),
	}
}

// Plan needs a Scorer. Errors as for CEM.
func (r *RandomShooting) Plan(ctx context.Context, p *Problem) (*Plan, error) {
	use := *r
	if err := prepare(p, use.Fields(), NewRandomShooting().Fields()); err != nil {
		return nil, err
	}
	s, err := newShooter("random-shooting", p, use.Samples, use.Rollouts)
	if err != nil {
		return nil, err
	}
	s.best = clone(s.mean)
	most, found, spread := math.Inf(-1), clone(s.mean), clone(s.std)
	s.fit = func(search search, _, _ []float64) (float64, error) {
		value, err := search.FitElites(1, 0, found, spread)
		if err == nil && value > most {
			most = value
			copy(s.best, found)
		}
		return value, err
	}
	return s.run(ctx, use.Iterations)
}
