package engine

import (
	"cmp"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// rerun plays a recorded episode again: the seed and the settings of its set give the
// start, its actions the rest, and each row is compared with what was recorded. It
// belongs to one goroutine.
//
// Recordings hold actions as float32. A planner's are executed so; a policy's were
// executed with more digits, so the policy is asked again: while its actions round to
// the recorded ones, they are what was executed.
type rerun struct {
	episode *learning.Episode
	reward  string // of the task
	inst    sim.Instance
	policy  sim.Policy // nil where actions cannot be asked for again
	action  []float64

	row        int
	rows       []rerunRow // those reached, from 0
	ended      bool       // nothing comes after the last of them
	deviates   int        // first row that is clearly not as recorded; −1 none so far
	difference float64    // largest of a state's number, relative to 1 + its size
}

// rerunRow is a row as it was played again.
type rerunRow struct {
	step     sim.Timestep
	state    sim.State
	reward   float64
	sum      float64 // of the rewards so far
	recorded float64 // that of the recording
	success  bool    // so far
}

// clearly is the relative difference of a state from which on a replay is said to
// deviate: about what is seen.
const clearly = 1e-3

// newRerun puts an instance at the start of an episode.
func newRerun(inst sim.Instance, task sim.Task, ep *learning.Episode, policySettings map[string]string) (*rerun, error) {
	if ep.ActionDim != task.ActionDim {
		return nil, fmt.Errorf("the episode has %d action dimensions, task %s has %d", ep.ActionDim, task.Name, task.ActionDim)
	}
	r := &rerun{episode: ep, reward: taskReward(task), inst: inst, action: make([]float64, task.ActionDim), deviates: -1}
	policy, err := newPolicy(ep.Info.Policy, task)
	if err == nil && adjust(policy, ep.Info.Policy, policySettings) == nil {
		policy.Reset(ep.Info.Seed)
		r.policy = policy
	}
	ts, err := inst.Reset(ep.Info.Seed)
	if err != nil {
		return nil, fmt.Errorf("resetting with seed %d: %w", ep.Info.Seed, err)
	}
	r.arrive(ts)
	return r, nil
}

// over says that the present row is the last.
func (r *rerun) over() bool { return r.ended && r.row == len(r.rows)-1 }

// step goes to the row after the present one. It is not called when over.
func (r *rerun) step() error {
	if r.row+1 < len(r.rows) {
		return r.show(r.row + 1)
	}
	r.act()
	ts, err := r.inst.Step(r.action)
	if err != nil {
		return err
	}
	r.row++
	r.arrive(ts)
	return nil
}

// act finds the action that led to the next row.
func (r *rerun) act() {
	recorded := r.episode.Action(r.row + 1)
	for i, x := range recorded {
		r.action[i] = float64(x)
	}
	if r.policy == nil {
		return
	}
	again := make([]float64, len(recorded))
	r.policy.Act(r.rows[r.row].step, again)
	for i := range again {
		if float32(min(max(again[i], -1), 1)) != recorded[i] {
			r.policy = nil // it is not the policy of this recording any more
			return
		}
	}
	copy(r.action, again)
}

// arrive notes and compares the present row.
func (r *rerun) arrive(ts sim.Timestep) {
	now := rerunRow{step: ts, state: r.inst.State(), reward: rewardOf(ts, r.reward), success: ts.Success}
	now.recorded = float64(r.episode.Learned(r.reward)[r.row])
	if r.row > 0 {
		before := r.rows[r.row-1]
		now.sum, now.recorded = before.sum+now.reward, before.recorded+now.recorded
		now.success = now.success || before.success
	}
	r.rows = append(r.rows, now)
	r.ended = r.row == r.episode.Steps() || ts.Terminated || ts.Truncated
	r.compare(ts)
}

func (r *rerun) compare(ts sim.Timestep) {
	d := r.stateDifference(ts)
	r.difference = max(r.difference, d)
	wrong := d > clearly || r.ended && r.row < r.episode.Steps() ||
		apart(ts.Reward, float64(r.episode.Rewards[r.row])) > clearly || apart(ts.SparseReward, float64(r.episode.SparseRewards[r.row])) > clearly
	if wrong && r.deviates < 0 {
		r.deviates = r.row
	}
}

// stateDifference is the largest difference of the state's numbers; infinite if there
// are not as many.
func (r *rerun) stateDifference(ts sim.Timestep) float64 {
	n := r.episode.StateDim
	if n == 0 {
		return 0
	}
	recorded := r.episode.States[r.row*n : (r.row+1)*n]
	if len(ts.Obs) != n {
		return math.Inf(1)
	}
	most := 0.0
	for i, x := range ts.Obs {
		most = max(most, apart(x, recorded[i]))
	}
	return most
}

// apart is how far two numbers are from each other, relative to 1 + their size.
func apart(x, y float64) float64 {
	return math.Abs(x-y) / (1 + min(math.Abs(x), math.Abs(y)))
}

// show goes to a row that has been reached.
func (r *rerun) show(row int) error {
	if err := r.inst.SetState(r.rows[row].state); err != nil {
		return fmt.Errorf("going to step %d: %w", row, err)
	}
	r.row = row
	return nil
}

// said is the sentence at the end: whether what was seen is what was recorded.
func (v *ReplayView) said() string {
	text := fmt.Sprintf("return %.3g", v.Return)
	switch {
	case v.Deviates == 0:
		return fmt.Sprintf("the start is not as recorded: task or settings have changed since; %s, recorded %.3g", text, v.Recorded)
	case v.Deviates > 0:
		return fmt.Sprintf("not as recorded from step %d on; %s, recorded %.3g", v.Deviates, text, v.Recorded)
	case v.Unchecked:
		return text + ", rewards as recorded"
	case v.Difference == 0:
		return text + ", as recorded to the last digit"
	}
	return fmt.Sprintf("%s, as recorded to within %s", text, cmp.Or(tiny(v.Difference), "0"))
}

func tiny(x float64) string { return fmt.Sprintf("%.0e", x) }
