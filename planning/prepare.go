package planning

import (
	"fmt"

	"github.com/latco-studio/latco/resources/setting"
)

// What planners say they need of a model.
const (
	needLinearizer = "Jacobians of many transitions in one call (planning.Linearizer)"
	needMoments    = "moments of sampled transitions with Jacobians (planning.MomentLinearizer)"
	needScorer     = "batched rollouts with their returns (planning.Scorer)"
)

// prepare is what every planner does first: take defaults for zero settings,
// check the settings, check the problem.
func prepare(p *Problem, fields, defaults []setting.Field) error {
	complete(fields, defaults)
	if err := setting.Check(fields); err != nil {
		return err
	}
	return p.check()
}

// complete sets every zero field to the default listed at the same place.
func complete(fields, defaults []setting.Field) {
	for i, f := range fields {
		switch v := f.Value.(type) {
		case *int:
			if *v == 0 {
				*v = *defaults[i].Value.(*int)
			}
		case *float64:
			if *v == 0 {
				*v = *defaults[i].Value.(*float64)
			}
		case *string:
			if *v == "" {
				*v = *defaults[i].Value.(*string)
			}
		default:
			panic(fmt.Sprintf("planning: setting %s is a %T, for which zero cannot mean its default", f.Key, v))
		}
	}
}
