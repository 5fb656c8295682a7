package learning

// Which of an episode's two rewards is learned and counted: Settings.Reward.
const (
	// RewardOfTask is the one the task is defined by: RunTask.Sparse says which.
	RewardOfTask = "task"
	// RewardShaped is the dense one that leads towards the goal: Episode.Rewards.
	RewardShaped = "shaped"
	// RewardSparse is the one for having solved it: Episode.SparseRewards.
	RewardSparse = "sparse"
)

// Reward is which reward the run learns: RewardShaped or RewardSparse, "" if that
// differs between its tasks.
func (r Run) Reward() string {
	tasks := r.Learns()
	kind := r.RewardOf(tasks[0])
	for _, t := range tasks[1:] {
		if r.RewardOf(t) != kind {
			return ""
		}
	}
	return kind
}

// RewardOf is which reward the run learns of one of its tasks.
func (r Run) RewardOf(t RunTask) string {
	switch {
	case r.Settings.Reward == RewardSparse, r.Settings.Reward != RewardShaped && t.Sparse:
		return RewardSparse
	}
	return RewardShaped
}

// Learned are the rewards of that kind, T+1.
func (e *Episode) Learned(reward string) []float32 {
	if reward == RewardSparse {
		return e.SparseRewards
	}
	return e.Rewards
}
