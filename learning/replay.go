package learning

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/latco-studio/latco/learning/rssm"
)

// ErrNoData: no episode is long enough to draw a sequence from.
var ErrNoData = errors.New("replay buffer has no episode to train on")

// Replay is the replay buffer: the newest episodes that fit its capacity, images
// as bytes, and a sampler of sequences. A sequence never crosses an episode's
// end and is never padded: it is an episode drawn uniformly, then a start drawn
// uniformly (REFERENCE A3). The released code never draws the last start,
// rows−T; here it is drawn like any other, because where rewards come late it
// holds them.
//
// One goroutine at a time may Add; Fill only reads, and is a function of the
// seed, the number of the batch and what has been added. Where the images lie,
// in memory or in a scratch file, makes no difference to it.
type Replay struct {
	opts   ReplayOptions
	images frameStore

	stored    []*stored
	trainable []*stored // of those, not held out and long enough
	rewarded  []*stored // of those, with a sequence that holds a reward
	heldOut   []*stored
	stats     ReplayStats
}

// ReplayOptions describe a buffer.
type ReplayOptions struct {
	Length      int     // T, rows of a sequence, ≥ 1
	Capacity    int64   // bytes of episodes; the oldest are dropped beyond it; 0 = no limit
	Memory      int64   // bytes of images kept in memory, the others in a scratch file; 0 = all
	Scratch     string  // folder of the scratch file; "" = the system's for temporary files
	RewardShare float64 // see Settings.RewardShare
	Seed        int64

	// Rewards are which reward is learned of each task, by EpisodeRef.Task:
	// RewardShaped or RewardSparse; RewardShaped of those beyond its end.
	Rewards []string
	// ActionDim is A of the batches; shorter actions are padded with zeros. 0 = that
	// of the episodes, which must agree.
	ActionDim int
}

// ReplayStats says what is in the buffer and what is not.
type ReplayStats struct {
	Episodes int   // in the buffer, held-out ones included
	HeldOut  int   // of these, never trained on
	Rewarded int   // of these, trainable and with a reward other than zero
	Steps    int   // control steps in the buffer
	Bytes    int64 // of all its episodes
	Memory   int64 // of these, images in memory
	Scratch  int64 // of these, images in the scratch file
	Short    int   // of these, shorter than a sequence: skipped by the sampler
	Evicted  int   // dropped since the start to stay within the capacity
}

// stored is an episode of the buffer. Its Pixels are nil: the images are in the
// buffer's store.
type stored struct {
	episode *Episode
	images  frames
	size    int64
	rewards []float32 // those learned, T+1
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
	Task    int    `json:"task,omitempty"`     // number among the tasks of the run
}

// NewReplay makes an empty buffer. Close frees it.
func NewReplay(o ReplayOptions) (*Replay, error) {
	switch {
	case o.Length < 1:
		return nil, fmt.Errorf("replay buffer: sequences of %d rows, want ≥ 1", o.Length)
	case o.Capacity < 0:
		return nil, fmt.Errorf("replay buffer: capacity of %d bytes, want ≥ 0", o.Capacity)
	case o.Memory < 0:
		return nil, fmt.Errorf("replay buffer: %d bytes of memory, want ≥ 0", o.Memory)
	case !(o.RewardShare >= 0 && o.RewardShare <= 1):
		return nil, fmt.Errorf("replay buffer: reward share %g, want 0 to 1", o.RewardShare)
	}
	r := &Replay{opts: o, images: frameStore{limit: o.Memory, dir: o.Scratch}}
	if o.Memory == 0 {
		r.images.limit = math.MaxInt64
	}
	return r, nil
}

// Close frees the scratch file, if there is one.
func (r *Replay) Close() error { return r.images.close() }

// Add puts e in the buffer, which may keep its arrays without copying them, after
// dropping the oldest episodes that leave it no room. An episode that alone
// exceeds the capacity is an error; after an ErrDiskFull Add may be tried again.
func (r *Replay) Add(e *Episode, ref EpisodeRef) error {
	size := sizeOf(e)
	if r.opts.Capacity > 0 && size > r.opts.Capacity {
		return fmt.Errorf("replay buffer of %d bytes: episode %s needs %d", r.opts.Capacity, ref.File, size)
	}
	width, err := r.width(e, ref)
	if err != nil {
		return err
	}
	for r.opts.Capacity > 0 && r.stats.Bytes+size > r.opts.Capacity {
		r.evict()
	}
	images, err := r.images.put(e.Pixels)
	if err != nil {
		r.index()
		return err
	}
	bare := *e
	bare.Pixels, bare.States = nil, nil
	bare.Actions, bare.ActionDim = rssm.PadActions(e.Actions, e.ActionDim, width), width
	s := &stored{episode: &bare, images: images, size: size, ref: ref, rewards: e.Learned(r.reward(ref.Task))}
	s.starts = rewardedStarts(s.rewards, r.opts.Length)
	r.stored = append(r.stored, s)
	r.stats.Bytes += size
	r.index()
	return nil
}

// width is A of the batches, which e has to fit.
func (r *Replay) width(e *Episode, ref EpisodeRef) (int, error) {
	switch a := r.opts.ActionDim; {
	case a > 0 && e.ActionDim > a:
		return 0, fmt.Errorf("replay buffer: episode %s has %d action dimensions, want at most %d", ref.File, e.ActionDim, a)
	case a > 0:
		return a, nil
	case len(r.stored) > 0 && r.stored[0].episode.ActionDim != e.ActionDim:
		return 0, fmt.Errorf("replay buffer: episode %s has %d action dimensions, the others %d",
			ref.File, e.ActionDim, r.stored[0].episode.ActionDim)
	}
	return e.ActionDim, nil
}

// reward is which one is learned of a task.
func (r *Replay) reward(task int) string {
	if task < len(r.opts.Rewards) {
		return r.opts.Rewards[task]
	}
	return RewardShaped
}

func (r *Replay) evict() {
	oldest := r.stored[0]
	r.stats.Bytes -= oldest.size
	r.stats.Evicted++
	r.images.drop(oldest.images)
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
		case s.episode.Rows() < r.opts.Length:
			r.stats.Short++
		default:
			r.trainable = append(r.trainable, s)
			if len(s.starts) > 0 {
				r.rewarded = append(r.rewarded, s)
			}
		}
	}
	r.stats.Episodes, r.stats.HeldOut, r.stats.Rewarded = len(r.stored), len(r.heldOut), len(r.rewarded)
	r.stats.Memory, r.stats.Scratch = r.images.used, r.images.scratch()
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

// example is the beginning of an episode to look at, at most n rows of it: of the
// held-out ones in turn; without any, of a trainable one. Nil if the buffer has
// neither. Its state is left out, its actions are as wide as those of a batch.
func (r *Replay) example(turn, n int) (e *Episode, ref EpisodeRef, err error) {
	from := r.trainable
	if len(r.heldOut) > 0 {
		from = r.heldOut
	}
	if len(from) == 0 {
		return nil, EpisodeRef{}, nil
	}
	s := from[turn%len(from)]
	n = min(n, s.episode.Rows())
	head := *s.episode
	head.StateDim = 0
	head.Pixels = make([]uint8, n*FramePixels)
	head.Actions, head.Discounts = head.Actions[:n*head.ActionDim], head.Discounts[:n]
	head.Rewards, head.SparseRewards = head.Rewards[:n], head.SparseRewards[:n]
	return &head, s.ref, r.images.read(head.Pixels, s.images, 0)
}

// Fill draws batch number n (from 0) into b, whose arrays it makes long enough.
// b.B is the number of sequences, b.T must be the length of the buffer.
func (r *Replay) Fill(b *rssm.Batch, n int64) error {
	if b.T != r.opts.Length {
		return fmt.Errorf("replay buffer: sequences of %d rows, the batch wants %d", r.opts.Length, b.T)
	}
	if len(r.trainable) == 0 {
		return r.empty()
	}
	actionDim := r.trainable[0].episode.ActionDim
	b.Pixels = sized(b.Pixels, b.B*b.T*FramePixels)
	b.Actions = sized(b.Actions, b.B*b.T*actionDim)
	b.Rewards = sized(b.Rewards, b.B*b.T)
	rng := batchStream.generator(r.opts.Seed, n)
	for i := range b.B {
		s, start := r.draw(rng, r.wantsReward(n*int64(b.B)+int64(i)))
		if err := r.images.read(b.Pixels[i*b.T*FramePixels:(i+1)*b.T*FramePixels], s.images, start); err != nil {
			return err
		}
		copy(b.Actions[i*b.T*actionDim:], s.episode.Actions[start*actionDim:(start+b.T)*actionDim])
		copy(b.Rewards[i*b.T:], s.rewards[start:start+b.T])
	}
	return nil
}

// empty is the error of a buffer without a trainable episode.
func (r *Replay) empty() error {
	return fmt.Errorf("%w: %d episodes, %d held out, %d shorter than %d rows",
		ErrNoData, r.stats.Episodes, r.stats.HeldOut, r.stats.Short, r.opts.Length)
}

// wantsReward says whether sequence k of the run must hold a reward: the share
// of such sequences is rewardShare to within one, over any stretch of the run.
func (r *Replay) wantsReward(k int64) bool {
	return len(r.rewarded) > 0 && int64(float64(k+1)*r.opts.RewardShare) > int64(float64(k)*r.opts.RewardShare)
}

func (r *Replay) draw(rng *rand.Rand, reward bool) (s *stored, start int) {
	if reward {
		s = r.rewarded[rng.IntN(len(r.rewarded))]
		return s, int(s.starts[rng.IntN(len(s.starts))])
	}
	s = r.trainable[rng.IntN(len(r.trainable))]
	return s, rng.IntN(s.episode.Rows() - r.opts.Length + 1)
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

// sizeOf is the number of bytes of all arrays of e.
func sizeOf(e *Episode) int64 {
	floats := len(e.Actions) + len(e.Rewards) + len(e.SparseRewards) + len(e.Discounts)
	return int64(len(e.Pixels) + 4*floats + 8*len(e.States))
}

func sized[N any](xs []N, n int) []N {
	if cap(xs) < n {
		return make([]N, n)
	}
	return xs[:n]
}
