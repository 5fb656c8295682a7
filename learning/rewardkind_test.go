package learning

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

func TestWhichRewardIsLearned(t *testing.T) {
	for _, c := range []struct {
		setting string
		sparse  bool
		want    string
	}{
		{"", false, RewardShaped}, {"", true, RewardSparse},
		{RewardOfTask, false, RewardShaped}, {RewardOfTask, true, RewardSparse},
		{RewardShaped, true, RewardShaped}, {RewardSparse, false, RewardSparse},
	} {
		run := Run{Sparse: c.sparse, Settings: Settings{Reward: c.setting}}
		if got := run.Reward(); got != c.want {
			t.Errorf("setting %q, sparse task %v: %s, want %s", c.setting, c.sparse, got, c.want)
		}
	}
	bad := Settings{Reward: "both"}
	if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), "reward = both: want one of task, shaped, sparse") {
		t.Errorf("error %v", err)
	}
	if err := new(Settings).Validate(); err != nil {
		t.Error(err)
	}
}

// Batches, the share of rewarded sequences and returns all go by the reward that
// is learned.
func TestBatchesHoldTheLearnedReward(t *testing.T) {
	e := countingEpisode(t, 1, 29, 1)
	for i := range e.Rewards {
		e.Rewards[i] = 0.5
	}
	e.SparseRewards[20] = 1
	if e.Return(RewardShaped) != 15 || e.Return(RewardSparse) != 1 {
		t.Errorf("returns %g and %g", e.Return(RewardShaped), e.Return(RewardSparse))
	}
	for reward, want := range map[string][2]float32{RewardShaped: {2, 2}, RewardSparse: {1, 1}} {
		r, err := NewReplay(ReplayOptions{Length: 4, Rewards: []string{reward}, RewardShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Add(e, EpisodeRef{}); err != nil {
			t.Fatal(err)
		}
		b := &rssm.Batch{B: 6, T: 4}
		if err := r.Fill(b, 0); err != nil {
			t.Fatal(err)
		}
		for i := range b.B {
			sum := float32(0)
			for _, x := range b.Rewards[4*i : 4*i+4] {
				sum += x
			}
			if sum < want[0] || sum > want[1] {
				t.Errorf("%s: sequence %d has rewards %v", reward, i, b.Rewards[4*i:4*i+4])
			}
		}
	}
}

// A run that learned one reward does not go on with the other, by whichever of
// setting and task they differ.
func TestResumeKeepsTheReward(t *testing.T) {
	opts := fakeRun(t, filepath.Join(t.TempDir(), "run"))
	opts.Sparse, opts.Settings.Updates = true, 5
	runToEnd(t, opts)
	opts.Resume, opts.Settings.Updates, opts.Settings.Reward = true, 8, RewardSparse
	runToEnd(t, opts) // the same, said otherwise
	opts.Settings.Reward = RewardShaped
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	var m *MismatchError
	if err := tr.Run(context.Background()); !errors.As(err, &m) || !strings.HasSuffix(err.Error(), "reward is sparse, want shaped") {
		t.Errorf("error %v", err)
	}
}
