package learning

import (
	"cmp"
	"encoding/json"

	"github.com/latco-studio/latco/resources/setting"
)

// Settings say how a run is fed, saved and watched; the network and its
// optimiser are in rssm.Config. A whole number left 0 takes the default named
// beside it, except where 0 has a meaning of its own.
type Settings struct {
	Updates int `json:"updates"` // gradient steps in all; 0 = until Frames are collected, offline the preset's
	Frames  int `json:"frames"`  // simulator steps to collect in all; 0 = offline only

	SeedEpisodes      int `json:"seed_episodes"`       // S, episodes of each task with random actions at the start; 0 = 5, none beside a data set
	PretrainUpdates   int `json:"pretrain_updates"`    // updates before the first planned episode; 0 = 100
	UpdatesPerEpisode int `json:"updates_per_episode"` // C, updates between episodes; 0 = 100
	// ExplorationNoise is the standard deviation of the Gaussian noise that is added
	// to every planned action while collecting, whichever the planner; the sum is
	// clipped to ±1. PlaNet and LatCo take 0.3 (REFERENCE A4), DefaultSettings too. 0
	// is none. Evaluations have none.
	ExplorationNoise float64 `json:"exploration_noise"`

	// Reward says which of the two rewards is learned: RewardOfTask ("" too),
	// RewardShaped or RewardSparse.
	Reward string `json:"reward"`
	// RewardShare is the share of the sampled sequences that must hold a reward
	// other than zero, if the buffer has any. 0 is the papers' uniform rule.
	// Where reward is rare most sequences hold none, and the reward head learns
	// to say zero long before it learns where reward is; 0.25 to 0.5 cures that.
	// What changes is the distribution that the expectation of the loss is
	// taken over: rewarded stretches weigh more, in the image, reward and KL
	// terms alike. Where the latent state determines the reward, the optimum is
	// the same. Where it does not, the predicted reward is the mean over the
	// drawn sequences and so overstates how often there is one; among rewarded
	// sequences nothing is preferred, so the odds of a lottery once entered
	// stay those of the data.
	RewardShare float64 `json:"reward_share"`
	// HeldOut is the share of the episodes that is never trained on but used
	// for open-loop prediction. 0 holds none out; predictions then use episodes
	// that were trained on.
	HeldOut float64 `json:"held_out"`
	// CapacityMB bounds the replay buffer, images uncompressed (12 kB a frame):
	// beyond it the oldest episodes are dropped, and the files of those that the
	// run itself collected are removed once no checkpoint names them. 0 = 65536.
	CapacityMB int `json:"capacity_mb"`
	// MemoryMB is how much of the buffer's images is kept in memory. The others
	// are read from a scratch file in the run folder. 0 = 1024.
	MemoryMB int `json:"memory_mb"`

	// EvalFrames and EvalUpdates say when the model is evaluated in closed loop:
	// whenever as many simulator steps were collected, or updates made; 0 = not by
	// that. An evaluation is EvalEpisodes episodes without exploration noise, each
	// time from the same seeds, which no training episode has, of each task; 0 = none.
	EvalFrames   int `json:"eval_frames"`
	EvalUpdates  int `json:"eval_updates"`
	EvalEpisodes int `json:"eval_episodes"`

	LogEvery          int     `json:"log_every"`          // updates between lines of metrics; 0 = 10
	PublishEvery      int     `json:"publish_every"`      // updates between snapshots; 0 = 50
	OpenLoopEvery     int     `json:"open_loop_every"`    // updates between open-loop predictions; 0 = 200
	OpenLoopContext   int     `json:"open_loop_context"`  // frames the model sees before it predicts; 0 = 5
	OpenLoopLength    int     `json:"open_loop_length"`   // frames in all; 0 = 50
	OpenLoopSeconds   float64 `json:"open_loop_seconds"`  // between open-loop predictions that somebody watches; 0 = 5
	CheckpointSeconds float64 `json:"checkpoint_seconds"` // between checkpoints; 0 = 30
	KeepCheckpoints   int     `json:"keep_checkpoints"`   // newest ones kept; 0 = 3
}

// housekeeping are the settings that may differ when a run is resumed: they do
// not change what is learned up to a given update.
var housekeeping = []string{
	"updates", "frames", "log_every", "publish_every", "open_loop_every",
	"open_loop_context", "open_loop_length", "open_loop_seconds", "checkpoint_seconds", "keep_checkpoints",
	"memory_mb", "eval_frames", "eval_updates", "eval_episodes",
}

// paperNoise is PlaNet's exploration noise, and that of runs from before it was a
// setting.
const paperNoise = 0.3

// UnmarshalJSON reads what a file says over what older files mean.
func (s *Settings) UnmarshalJSON(text []byte) error {
	type plain Settings
	p := plain{ExplorationNoise: paperNoise}
	if err := json.Unmarshal(text, &p); err != nil {
		return err
	}
	*s = Settings(p)
	return nil
}

// DefaultSettings are PlaNet's schedule (REFERENCE A4) with one episode in
// twenty held out, and one evaluation episode every 10,000 frames as in LatCo.
func DefaultSettings() Settings {
	return Settings{ExplorationNoise: paperNoise, HeldOut: 0.05, EvalFrames: 10_000, EvalEpisodes: 1}.resolved(false)
}

// resolved replaces zeros by the defaults.
func (s Settings) resolved(hasData bool) Settings {
	if s.SeedEpisodes == 0 && !hasData {
		s.SeedEpisodes = 5
	}
	for _, d := range []struct {
		value *int
		def   int
	}{
		{&s.PretrainUpdates, 100}, {&s.UpdatesPerEpisode, 100},
		{&s.CapacityMB, 64 << 10}, {&s.MemoryMB, 1024}, {&s.LogEvery, 10}, {&s.PublishEvery, 50},
		{&s.OpenLoopEvery, 200}, {&s.OpenLoopContext, 5}, {&s.OpenLoopLength, 50},
		{&s.KeepCheckpoints, 3},
	} {
		if *d.value == 0 {
			*d.value = d.def
		}
	}
	if s.CheckpointSeconds == 0 {
		s.CheckpointSeconds = 30
	}
	if s.OpenLoopSeconds == 0 {
		s.OpenLoopSeconds = 5
	}
	s.Reward = cmp.Or(s.Reward, RewardOfTask)
	return s
}

// Fields describes the settings; values point into s.
func (s *Settings) Fields() []setting.Field {
	return []setting.Field{
		{Key: "updates", Title: "Updates", Min: 0, Max: 1e8, Value: &s.Updates,
			Help: "Gradient steps in all; 0 goes on until the frames are collected, or for as long as the preset says."},
		{Key: "frames", Title: "Frames", Min: 0, Max: 1e9, Value: &s.Frames,
			Help: "Simulator steps to collect in all; 0 trains on the data set alone."},
		{Key: "seed_episodes", Title: "Seed episodes", Min: 0, Max: 1e5, Value: &s.SeedEpisodes,
			Help: "Episodes of each task with random actions before the first update."},
		{Key: "pretrain_updates", Title: "Pre-training", Unit: "updates", Min: 0, Max: 1e7, Value: &s.PretrainUpdates,
			Help: "Updates on the seed episodes before the first planned one."},
		{Key: "updates_per_episode", Title: "Updates per episode", Min: 0, Max: 1e6, Value: &s.UpdatesPerEpisode,
			Help: "Updates between collected episodes; more learns more from each."},
		{Key: "exploration_noise", Title: "Exploration noise", Min: 0, Max: 10, Value: &s.ExplorationNoise,
			Help: "Standard deviation of the noise added to planned actions while collecting, then clipped to ±1: 0.3 in the papers, 0 follows the planner exactly."},
		{Key: "reward", Title: "Reward", Choices: []string{RewardOfTask, RewardShaped, RewardSparse}, Value: &s.Reward,
			Help: "Which reward is learned: the task's own, the shaped one that leads to the goal, or the sparse one for reaching it."},
		{Key: "reward_share", Title: "Rewarded sequences", Min: 0, Max: 1, Value: &s.RewardShare,
			Help: "Least share of training sequences that hold a reward; 0 is the papers' uniform rule, more helps when rewards are rare."},
		{Key: "held_out", Title: "Held out", Min: 0, Max: 0.5, Value: &s.HeldOut,
			Help: "Share of the episodes kept away from training, to judge predictions by."},
		{Key: "capacity_mb", Title: "Replay capacity", Unit: "MB", Min: 0, Max: 1 << 24, Value: &s.CapacityMB,
			Help: "Size of the replay buffer, uncompressed; the oldest episodes are dropped beyond it."},
		{Key: "memory_mb", Title: "Replay memory", Unit: "MB", Min: 0, Max: 1 << 20, Value: &s.MemoryMB,
			Help: "Memory for images of the replay buffer; the others are read from disk."},
		{Key: "eval_frames", Title: "Evaluate every", Unit: "frames", Min: 0, Max: 1e9, Value: &s.EvalFrames,
			Help: "Collected simulator steps between evaluations; 0 does not go by them."},
		{Key: "eval_updates", Title: "Evaluate every", Unit: "updates", Min: 0, Max: 1e8, Value: &s.EvalUpdates,
			Help: "Updates between evaluations; 0 does not go by them."},
		{Key: "eval_episodes", Title: "Evaluation", Unit: "episodes", Min: 0, Max: 1e4, Value: &s.EvalEpisodes,
			Help: "Episodes of each task in an evaluation, planned without noise from seeds never trained on; 0 makes none."},
		{Key: "log_every", Title: "Log every", Unit: "updates", Min: 0, Max: 1e6, Value: &s.LogEvery,
			Help: "Updates between lines of metrics.jsonl."},
		{Key: "publish_every", Title: "Publish every", Unit: "updates", Min: 0, Max: 1e6, Value: &s.PublishEvery,
			Help: "Updates between snapshots handed to the planner."},
		{Key: "open_loop_every", Title: "Predict every", Unit: "updates", Min: 0, Max: 1e6, Value: &s.OpenLoopEvery,
			Help: "Updates between open-loop predictions of a held-out episode."},
		{Key: "open_loop_context", Title: "Context", Unit: "frames", Min: 0, Max: 1000, Value: &s.OpenLoopContext,
			Help: "Frames the model sees before it has to predict."},
		{Key: "open_loop_length", Title: "Predicted length", Unit: "frames", Min: 0, Max: 1000, Value: &s.OpenLoopLength,
			Help: "Frames of an open-loop prediction, context included."},
		{Key: "open_loop_seconds", Title: "Predict every", Unit: "s", Min: 0, Max: 86400, Value: &s.OpenLoopSeconds,
			Help: "Time between open-loop predictions while somebody watches, if there is none by updates before."},
		{Key: "checkpoint_seconds", Title: "Save every", Unit: "s", Min: 0, Max: 86400, Value: &s.CheckpointSeconds,
			Help: "Time between checkpoints; a crash loses at most this much work."},
		{Key: "keep_checkpoints", Title: "Checkpoints kept", Min: 0, Max: 1000, Value: &s.KeepCheckpoints,
			Help: "How many of the newest checkpoints stay on disk."},
	}
}

// Validate returns a *setting.RangeError for the first value out of range. What
// is left zero is in range.
func (s *Settings) Validate() error {
	c := *s
	c.Reward = cmp.Or(c.Reward, RewardOfTask)
	return setting.Check(c.Fields())
}

// completeOld fills in what checkpoints from before there was a scratch file do
// not say: their memory was their capacity.
func (s *Settings) completeOld() {
	if s.CapacityMB == 0 {
		s.CapacityMB = s.MemoryMB
	}
}
