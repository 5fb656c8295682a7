package learning

// Which of an episode's two rewards is learned and counted: Settings.Reward.
const (
	// RewardOfTask is the one the task is defined by: Run.Sparse says which.
	RewardOfTask = "task"
	// RewardShaped is the dense one that leads towards the goal: Episode.Rewards.
	RewardShaped = "shaped"
	// RewardSparse is the one for having solved it: Episode.SparseRewards.
	RewardSparse = "sparse"
)

// Reward is which reward the run learns: RewardShaped or RewardSparse.
func (r Run) Reward() string {
	switch {
	case r.Settings.Reward == RewardSparse, r.Settings.Reward != RewardShaped && r.Sparse:
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
