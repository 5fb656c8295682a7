package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
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
		Scratch: s.opts.Out, Reward: s.run.Reward(), RewardShare: set.RewardShare, Seed: s.run.Seed,
	})
	if err != nil {
		return err
	}
	if s.run.Data != "" {
		if s.offline, err = s.openOffline(); err != nil {
			return err
		}
	}
	if err := s.openOwn(from); err != nil {
		return err
	}
	if from != nil {
		s.replay.stats.Evicted = from.Evicted
		return s.reload(ctx, from.Replay)
	}
	if s.offline == nil {
		return nil
	}
	var wanted []source
	for i, entry := range s.offline.Entries {
		if entry.Dropped {
			continue
		}
		ref := EpisodeRef{entry.File, entry.SHA256, true, heldOut(i, set.HeldOut)}
		wanted = append(wanted, source{s.offline, i, ref})
	}
	if err := s.load(ctx, wanted); err != nil {
		return err
	}
	if set.Frames == 0 && len(s.replay.trainable) == 0 {
		// Say so before the network is built, not at the first update.
		return s.nothing(s.offline.Dir)
	}
	return nil
}

// portable is the data folder as the checkpoint names it: relative to the run
// folder if it lies within, so that the whole may be moved.
func (s *session) portable(data string) (string, error) {
	if data == "" {
		return "", nil
	}
	out, err1 := filepath.Abs(s.opts.Out)
	abs, err2 := filepath.Abs(data)
	if err := errors.Join(err1, err2); err != nil {
		return "", err
	}
	if rel, err := filepath.Rel(out, abs); err == nil && filepath.IsLocal(rel) {
		return rel, nil
	}
	return abs, nil
}

func (s *session) openOffline() (*Dataset, error) {
	data, err := OpenDataset(s.run.Data)
	if err != nil {
		return nil, err
	}
	var m MismatchError
	m.compare("task", data.Info.Task, s.run.Task)
	m.compare("action_dim", data.Info.ActionDim, s.run.ActionDim)
	if s.run.TaskSettings != nil {
		m.compareKnown("task ", data.Info.Settings, s.run.TaskSettings)
	}
	return data, m.at(s.run.Data)
}

// openOwn opens the folder of collected episodes. Those that a kill left
// unrecorded by the checkpoint are dropped, and collected again.
func (s *session) openOwn(from *Checkpoint) error {
	if s.run.Settings.Frames == 0 && s.counters.Episodes == 0 {
		return nil
	}
	dir := filepath.Join(s.opts.Out, episodesFolder)
	own, err := ResumeDataset(dir, DatasetInfo{
		Task: s.run.Task, Policy: "training", Seed: s.run.Seed, ActionDim: s.run.ActionDim,
		Settings: s.run.TaskSettings, Command: s.run.Command, Version: s.run.Version,
	})
	if err != nil {
		return err
	}
	own.disk = s.opts.disk
	s.own = own
	switch have, want := len(own.Entries), s.counters.Episodes; {
	case from == nil && have > 0:
		// The first checkpoint comes before the first episode, so these are
		// somebody's: not ours to drop.
		return &FileError{dir, fs.ErrExist, fmt.Sprintf("holds %d episodes of a run without a checkpoint", have)}
	case have < want:
		return &FileError{dir, ErrCorrupt, fmt.Sprintf("%d episodes, the checkpoint counts %d", have, want)}
	}
	return own.truncate(s.counters.Episodes)
}

// reload brings back the episodes that a checkpoint names, in its order. Those
// that are gone are skipped: the run goes on, though no longer as it would have.
func (s *session) reload(ctx context.Context, refs []EpisodeRef) error {
	own, offline := s.own.index(), s.offline.index()
	var wanted []source
	for _, ref := range refs {
		set, index := s.own, own
		if ref.Data {
			set, index = s.offline, offline
		}
		i, ok := index[ref.File]
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
	if s.offline != nil {
		episodes += len(s.offline.Entries)
		frames += s.offline.Frames()
	}
	return episodes, frames
}
