package engine

import (
	"cmp"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// taskReward is the reward by which a task is defined: learning.RewardSparse or
// RewardShaped.
func taskReward(task sim.Task) string {
	return learning.Run{Sparse: task.Sparse}.Reward()
}

// learnedReward is the reward that a world model has learned; the task's if the
// model does not say.
func learnedReward(w World, task sim.Task) string {
	return cmp.Or(w.Info().Reward, taskReward(task))
}

// rewardOf is a timestep's reward of the given kind.
func rewardOf(ts sim.Timestep, reward string) float64 {
	if reward == learning.RewardSparse {
		return ts.SparseReward
	}
	return ts.Reward
}

// earnings are both returns of an episode so far, undiscounted.
type earnings struct{ shaped, sparse float64 }

func (e *earnings) add(ts sim.Timestep) {
	e.shaped += ts.Reward
	e.sparse += ts.SparseReward
}

func (e earnings) of(reward string) float64 {
	if reward == learning.RewardSparse {
		return e.sparse
	}
	return e.shaped
}
