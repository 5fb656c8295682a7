package engine

import (
	"testing"
	"testing/synctest"
)

// A model brings the horizon and the replan interval of its training to the planners
// that were not set otherwise.
func TestModelBringsItsSchedule(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.props.library.worlds["other"].(*thought).plans = map[string]string{"horizon": "6", "replan": "2", "iterations": "7"}
		l.props.library.worlds["odd"] = &thought{diary: &l.props.diary, name: "odd", task: "one", plans: map[string]string{"replan": "0"}}
		l.props.library.worlds["long"] = &thought{diary: &l.props.diary, name: "long", task: "one", plans: map[string]string{"horizon": "201"}}
		shows := func(what, planner, horizon, replan string) {
			t.Helper()
			l.until(what, func(s *State) bool {
				f := s.Planner.Fields
				return s.Planner.Name == planner && f[0].String() == horizon && f[1].String() == replan
			})
		}
		shows("the task's", "quick", "10", "8")
		l.Do(SelectPlanner{"slow"})
		l.Do(SetPlannerField{"horizon", "9"})
		l.Do(LoadModel{"other"})
		l.until("model", func(s *State) bool { return s.Model.Name == "other" })
		shows("what was set", "slow", "9", "8")
		l.Do(SelectPlanner{"quick"})
		shows("the model's", "quick", "6", "2")
		l.Do(Plan{})
		if s := l.until("plan", func(s *State) bool { return s.Phase == PlanReady }); s.Plan.Horizon != 6 || len(s.Plan.Iterations) != 20 {
			t.Errorf("%d iterations, H %d", len(s.Plan.Iterations), s.Plan.Horizon)
		}
		for _, odd := range []string{"odd", "long"} {
			l.Do(LoadModel{odd})
			l.until("the model's fault", func(s *State) bool { return s.Status.Level == Failure && s.Model.Name == "other" })
			l.Do(SelectPlanner{"slow"})
			l.Do(ResetPlannerFields{})
			shows("defaults of the model that stayed", "slow", "6", "2")
		}
		l.Do(LoadModel{"one-class"})
		shows("the task's again", "slow", "10", "8")
	})
}
