package learning

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/latco-studio/latco/learning/rssm"
)

// ErrNoData: no episode is long enough to draw a sequence from.
var ErrNoData = errors.New("replay buffer has no episode to train on")

// Replay is the replay buffer: the newest episodes that fit its memory, images
// as bytes, and a sampler of sequences. A sequence never crosses an episode's
// end and is never padded: it is an episode drawn uniformly, then a start drawn
// uniformly (REFERENCE A3). The released code never draws the last start,
// rows−T; here it is drawn like any other, because where rewards come late it
// holds them.
//
// One goroutine at a time may Add; Fill only reads, and is a function of the
// seed, the number of the batch and what has been added.
type Replay struct {
	length      int     // T
	capacity    int64   // bytes
	rewardShare float64 // see Settings.RewardShare
	seed        int64

	stored    []*stored
	trainable []*stored // of those, not held out and long enough
	rewarded  []*stored // of those, with a sequence that holds a reward
	heldOut   []*stored
	stats     ReplayStats
}

// ReplayStats says what is in the buffer and what is not.
type ReplayStats struct {
	Episodes int   // in memory, held-out ones included
	HeldOut  int   // of these, never trained on
	Rewarded int   // of these, trainable and with a reward other than zero
	Steps    int   // control steps in memory
	Bytes    int64 // of memory
	Short    int   // of these, shorter than a sequence: skipped by the sampler
	Evicted  int   // dropped since the start to stay within the memory
}

type stored struct {
	episode *Episode
	ref     EpisodeRef
	// starts are the first rows of the sequences with a reward other than zero.
	starts []int32
}

// EpisodeRef names an episode that the buffer holds, for the checkpoint.
type EpisodeRef struct {
	File    string `json:"file"`
	SHA256  string `json:"sha256"`
	Data    bool   `json:"data,omitempty"`     // of the offline data set, not the run's own
	HeldOut bool   `json:"held_out,omitempty"` // never trained on
}

// NewReplay makes an empty buffer for sequences of length T rows, of at most
// capacity bytes (0 = 2 GiB). For rewardShare see Settings.RewardShare.
func NewReplay(length int, capacity int64, rewardShare float64, seed int64) (*Replay, error) {
	if capacity == 0 {
		capacity = 2 << 30
	}
	switch {
	case length < 1:
		return nil, fmt.Errorf("replay buffer: sequences of %d rows, want ≥ 1", length)
	case capacity < 0:
		return nil, fmt.Errorf("replay buffer: %d bytes, want > 0", capacity)
	case !(rewardShare >= 0 && rewardShare <= 1):
		return nil, fmt.Errorf("replay buffer: reward share %g, want 0 to 1", rewardShare)
	}
	return &Replay{length: length, capacity: capacity, rewardShare: rewardShare, seed: seed}, nil
}

// Add puts e in the buffer, which keeps it without copying, and drops the
// oldest episodes while memory is exceeded. An episode that alone exceeds it is
// an error.
func (r *Replay) Add(e *Episode, ref EpisodeRef) error {
	size := memoryOf(e)
	if size > r.capacity {
		return fmt.Errorf("replay buffer of %d bytes: episode %s needs %d", r.capacity, ref.File, size)
	}
	if len(r.stored) > 0 && r.stored[0].episode.ActionDim != e.ActionDim {
		return fmt.Errorf("replay buffer: episode %s has %d action dimensions, the others %d",
			ref.File, e.ActionDim, r.stored[0].episode.ActionDim)
	}
	for r.stats.Bytes+size > r.capacity {
		r.evict()
	}
	s := &stored{episode: e, ref: ref, starts: rewardedStarts(e.Rewards, r.length)}
	r.stored = append(r.stored, s)
	r.stats.Bytes += size
	r.index()
	return nil
}

func (r *Replay) evict() {
	r.stats.Bytes -= memoryOf(r.stored[0].episode)
	r.stats.Evicted++
	r.stored[0] = nil
	r.stored = r.stored[1:]
}

// index sorts the stored episodes by what they are good for.
func (r *Replay) index() {
	r.trainable, r.rewarded, r.heldOut = r.trainable[:0], r.rewarded[:0], r.heldOut[:0]
	r.stats.Short, r.stats.Steps = 0, 0
	for _, s := range r.stored {
		r.stats.Steps += s.episode.Steps()
		switch {
		case s.ref.HeldOut:
			r.heldOut = append(r.heldOut, s)
		case s.episode.Rows() < r.length:
			r.stats.Short++
		default:
			r.trainable = append(r.trainable, s)
			if len(s.starts) > 0 {
				r.rewarded = append(r.rewarded, s)
			}
		}
	}
	r.stats.Episodes, r.stats.HeldOut, r.stats.Rewarded = len(r.stored), len(r.heldOut), len(r.rewarded)
}

// Stats describes the contents.
func (r *Replay) Stats() ReplayStats { return r.stats }

// Refs names the contents, oldest first.
func (r *Replay) Refs() []EpisodeRef {
	refs := make([]EpisodeRef, len(r.stored))
	for i, s := range r.stored {
		refs[i] = s.ref
	}
	return refs
}

// example is an episode to look at, the held-out ones in turn; without any, a
// trainable one. Nil if the buffer has neither. It must not be changed.
func (r *Replay) example(n int) (e *Episode, heldOut bool) {
	switch {
	case len(r.heldOut) > 0:
		return r.heldOut[n%len(r.heldOut)].episode, true
	case len(r.trainable) > 0:
		return r.trainable[n%len(r.trainable)].episode, false
	}
	return nil, false
}

// Fill draws batch number n (from 0) into b, whose arrays it makes long enough.
// b.B is the number of sequences, b.T must be the length of the buffer.
func (r *Replay) Fill(b *rssm.Batch, n int64) error {
	if b.T != r.length {
		return fmt.Errorf("replay buffer: sequences of %d rows, the batch wants %d", r.length, b.T)
	}
	if len(r.trainable) == 0 {
		return r.empty()
	}
	actionDim := r.trainable[0].episode.ActionDim
	b.Pixels = sized(b.Pixels, b.B*b.T*FramePixels)
	b.Actions = sized(b.Actions, b.B*b.T*actionDim)
	b.Rewards = sized(b.Rewards, b.B*b.T)
	rng := batchStream.generator(r.seed, n)
	for i := range b.B {
		e, start := r.draw(rng, r.wantsReward(n*int64(b.B)+int64(i)))
		copy(b.Pixels[i*b.T*FramePixels:], e.Pixels[start*FramePixels:(start+b.T)*FramePixels])
		copy(b.Actions[i*b.T*actionDim:], e.Actions[start*actionDim:(start+b.T)*actionDim])
		copy(b.Rewards[i*b.T:], e.Rewards[start:start+b.T])
	}
	return nil
}

// empty is the error of a buffer without a trainable episode.
func (r *Replay) empty() error {
	return fmt.Errorf("%w: %d episodes, %d held out, %d shorter than %d rows",
		ErrNoData, r.stats.Episodes, r.stats.HeldOut, r.stats.Short, r.length)
}

// wantsReward says whether sequence k of the run must hold a reward: the share
// of such sequences is rewardShare to within one, over any stretch of the run.
func (r *Replay) wantsReward(k int64) bool {
	return len(r.rewarded) > 0 && int64(float64(k+1)*r.rewardShare) > int64(float64(k)*r.rewardShare)
}

func (r *Replay) draw(rng *rand.Rand, reward bool) (e *Episode, start int) {
	if reward {
		s := r.rewarded[rng.IntN(len(r.rewarded))]
		return s.episode, int(s.starts[rng.IntN(len(s.starts))])
	}
	s := r.trainable[rng.IntN(len(r.trainable))]
	return s.episode, rng.IntN(s.episode.Rows() - r.length + 1)
}

// rewardedStarts are the starts of all windows of the given length that hold a
// reward other than zero.
func rewardedStarts(rewards []float32, length int) []int32 {
	var starts []int32
	for row, next := 0, 0; row < len(rewards); row++ {
		if rewards[row] == 0 {
			continue
		}
		next = max(next, row-length+1)
		for ; next <= min(row, len(rewards)-length); next++ {
			starts = append(starts, int32(next))
		}
	}
	return starts
}

func memoryOf(e *Episode) int64 {
	floats := len(e.Actions) + len(e.Rewards) + len(e.SparseRewards) + len(e.Discounts)
	return int64(len(e.Pixels) + 4*floats + 8*len(e.States))
}

func sized[N any](xs []N, n int) []N {
	if cap(xs) < n {
		return make([]N, n)
	}
	return xs[:n]
}
