package task

import (
	"fmt"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// suite is a task of the DM Control suite (Tassa et al., 2018). Models, rewards,
// observations (in the order of the public dictionary) and distributions of starts
// are those of dm_control 1.0.6; testdata/dmc.py compares them number by number.
// Episodes last 1000 steps of the public environment and never terminate.
type suite struct {
	file   string
	planet int // PlaNet's action repeat, for the setting's help
	// bind looks up the model's names and returns the rules, but for what all share.
	bind func(m *mujoco.Model) (rules, error)
}

// suiteSteps is the length of an episode in steps of the public environment.
const suiteSteps = 1000

// task completes the facts that the tasks of the suite share: planning horizon and
// replan interval of LatCo's experiments on DM Control (appendix B), action repeat of
// LatCo and Dreamer.
func (s suite) task(t sim.Task) sim.Task {
	t.Group = "dmc"
	t.Horizon, t.Replan, t.ActionRepeat = 12, 6, 2
	t.EpisodeSteps = suiteSteps / t.ActionRepeat
	if t.Success == "" {
		t.Success = "There is no goal: the return of 1000 steps, of at most 1 each, counts."
	}
	facts := t
	t.New = func(settings map[string]string) (sim.Instance, error) {
		r := &repeater{repeat: facts.ActionRepeat, planet: s.planet}
		for key, text := range settings {
			if err := setting.Set(r.fields(), key, text); err != nil {
				return nil, err
			}
		}
		in, err := openApart(facts, s.file, func(m *mujoco.Model) (rules, error) {
			own, err := s.bind(m)
			own.settle, own.fields = settleVelocities, r.fields
			return own, err
		})
		if err != nil {
			return nil, err
		}
		r.instance = in
		return r, nil
	}
	return t
}

// repeater is an instance whose action repeat is a setting, which an episode takes up
// when it is reset. With 1 a step is one of the public environment; otherwise rewards
// of the repetitions are summed.
type repeater struct {
	*instance
	repeat, planet int
}

var _ sim.Pacer = (*repeater)(nil)

func (r *repeater) fields() []setting.Field {
	return []setting.Field{{
		Key: "repeat", Title: "Action repeat", Min: 1, Max: 20, Value: &r.repeat,
		Help: fmt.Sprintf("Steps of the public environment that an action lasts, their rewards summed: 2 for LatCo and Dreamer, %d for PlaNet. Raising it makes episodes of fewer, longer steps.", r.planet),
	}}
}

func (r *repeater) Reset(seed int64) (sim.Timestep, error) {
	if err := setting.Check(r.fields()); err != nil {
		return sim.Timestep{}, err
	}
	r.facts.ActionRepeat = r.repeat
	r.facts.EpisodeSteps = (suiteSteps + r.repeat - 1) / r.repeat
	return r.instance.Reset(seed)
}

func (r *repeater) Pace() (repeat, steps int) { return r.facts.ActionRepeat, r.facts.EpisodeSteps }

// pay adds the reward of one execution of an action.
func pay(t *sim.Timestep, reward float64) {
	t.Reward += reward
	t.SparseReward = t.Reward
}

// payGoal is pay for rewards of 1 at a goal and 0 elsewhere.
func payGoal(t *sim.Timestep, there bool) {
	t.Success, t.Outcome = there, ""
	if there {
		t.Outcome = "success"
		pay(t, 1)
	}
}

// follow makes the cameras keep their distance from the centre of mass of a body and
// what it carries, as the public cameras do. home is where that is in the model's
// initial posture, m.
func follow(body int, home [3]float64) func(w *world) [3]float64 {
	return func(w *world) (shift [3]float64) {
		for i, x := range w.SubtreeCom[body] {
			shift[i] = x - home[i]
		}
		return shift
	}
}
