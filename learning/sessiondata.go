package learning

import (
	"context"
	"fmt"
	"path/filepath"
	"runtime"
)

// episodesFolder of a run holds what it collected, itself a data set.
const episodesFolder = "episodes"

// openData fills the replay buffer: with the whole data set when a run begins,
// with exactly the episodes the checkpoint names when it goes on.
func (s *session) openData(ctx context.Context, from *Checkpoint) error {
	set := s.run.Settings
	var err error
	s.replay, err = NewReplay(ReplayOptions{
		Length: s.run.Config.Length, Capacity: int64(set.CapacityMB) << 20, Memory: int64(set.MemoryMB) << 20,
		Scratch: s.opts.Out, RewardShare: set.RewardShare, Seed: s.run.Seed,
		Rewards: s.rewards(), ActionDim: s.run.ActionDim,
	})
	if err != nil {
		return err
	}
	if err := s.openOffline(); err != nil {
		return err
	}
	if err := s.openOwn(from); err != nil {
		return err
	}
	if from != nil {
		s.replay.stats.Evicted = from.Evicted
		return s.reload(ctx, from.Replay)
	}
	some, _ := s.run.hasData()
	if !some {
		return nil
	}
	if err := s.load(ctx, s.wanted()); err != nil {
		return err
	}
	if set.Frames == 0 && len(s.replay.trainable) == 0 {
		// Say so before the network is built, not at the first update.
		return s.nothing(s.folders())
	}
	return nil
}

// rewards are which reward is learned, by task.
func (s *session) rewards() []string {
	var kinds []string
	for _, t := range s.run.Learns() {
		kinds = append(kinds, s.run.RewardOf(t))
	}
	return kinds
}

// wanted are the episodes of the offline data sets, one of each task in turn, so
// that what the capacity leaves is of all of them.
func (s *session) wanted() []source {
	var wanted []source
	longest := 0
	for _, d := range s.offline {
		if d != nil {
			longest = max(longest, len(d.Entries))
		}
	}
	for i := range longest {
		for task, d := range s.offline {
			if d == nil || i >= len(d.Entries) || d.Entries[i].Dropped {
				continue
			}
			e := d.Entries[i]
			ref := EpisodeRef{e.File, e.SHA256, true, heldOut(i, s.run.Settings.HeldOut), task}
			wanted = append(wanted, source{d, i, ref})
		}
	}
	return wanted
}

// reload brings back the episodes that a checkpoint names, in its order. Those
// that are gone are skipped: the run goes on, though no longer as it would have.
func (s *session) reload(ctx context.Context, refs []EpisodeRef) error {
	own, offline := indexAll(s.own), indexAll(s.offline)
	var wanted []source
	for _, ref := range refs {
		sets, indexes := s.own, own
		if ref.Data {
			sets, indexes = s.offline, offline
		}
		var set *Dataset
		i, ok := 0, false
		if ref.Task < len(sets) {
			set = sets[ref.Task]
			i, ok = indexes[ref.Task][ref.File]
		}
		switch {
		case !ok:
			s.skip(&FileError{s.checkpoint, ErrForeign, "its episode " + ref.File + " is in no data set of the run"})
		case set.Entries[i].SHA256 != ref.SHA256:
			s.skip(&FileError{filepath.Join(set.Dir, ref.File), ErrCorrupt, "not the episode the run was trained on"})
		default:
			wanted = append(wanted, source{set, i, ref})
		}
	}
	if err := s.load(ctx, wanted); err != nil {
		return err
	}
	if len(s.skipped) > 0 && len(s.replay.trainable) == 0 {
		return s.nothing(s.opts.Out)
	}
	return nil
}

// nothing is the error of data that leave nothing to train on.
func (s *session) nothing(dir string) error {
	err := atPath(dir, s.replay.empty())
	if n := len(s.skipped); n > 0 {
		err = fmt.Errorf("%w; %d skipped, the first: %w", err, n, s.skipped[0])
	}
	return err
}

// source is an episode to be loaded.
type source struct {
	set *Dataset
	i   int
	ref EpisodeRef
}

// load adds episodes to the buffer, in order, until ctx ends. What is damaged is
// reported and left out.
func (s *session) load(ctx context.Context, wanted []source) error {
	return ahead(len(wanted), runtime.GOMAXPROCS(0),
		func(k int) (*Episode, error) { return wanted[k].set.Load(wanted[k].i) },
		func(k int, e *Episode, err error) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			s.tell(Loading, nil)
			if err != nil {
				s.skip(err)
				return nil
			}
			return s.persist(ctx, func() error { return s.replay.Add(e, wanted[k].ref) })
		})
}

// skip reports data that cannot be used.
func (s *session) skip(err error) {
	s.skipped = append(s.skipped, err)
	s.tell(Loading, nil)
}

// experience is what the run has had to learn from, offline and collected.
func (s *session) experience() (episodes, frames int) {
	episodes, frames = s.counters.Episodes, s.counters.Frames
	for _, d := range s.offline {
		if d != nil {
			episodes += d.Episodes()
			frames += d.Frames()
		}
	}
	return episodes, frames
}
