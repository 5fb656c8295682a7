package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// episodesFolder of a run holds what it collected, itself a data set.
const episodesFolder = "episodes"

// openData fills the replay buffer: with the whole data set when a run begins,
// with exactly the episodes the checkpoint names when it goes on.
func (s *session) openData(ctx context.Context, from *Checkpoint) error {
	set := s.run.Settings
	var err error
	s.replay, err = NewReplay(s.run.Config.Length, int64(set.MemoryMB)<<20, set.RewardShare, s.run.Seed)
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
	for i, entry := range s.offline.Entries {
		ref := EpisodeRef{entry.File, entry.SHA256, true, heldOut(i, set.HeldOut)}
		if err := s.load(ctx, s.offline, i, ref); err != nil {
			return err
		}
	}
	if set.Frames == 0 && len(s.replay.trainable) == 0 {
		// Say so before the network is built, not at the first update.
		return atPath(s.offline.Dir, s.replay.empty())
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
		Command: s.run.Command, Version: s.run.Version,
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

// reload brings back the episodes that a checkpoint names, in its order.
func (s *session) reload(ctx context.Context, refs []EpisodeRef) error {
	own, offline := s.own.index(), s.offline.index()
	for _, ref := range refs {
		set, index := s.own, own
		if ref.Data {
			set, index = s.offline, offline
		}
		i, ok := index[ref.File]
		if !ok {
			return &FileError{s.checkpoint, ErrForeign, "its episode " + ref.File + " is in no data set of the run"}
		}
		if set.Entries[i].SHA256 != ref.SHA256 {
			return &FileError{filepath.Join(set.Dir, ref.File), ErrCorrupt, "not the episode the run was trained on"}
		}
		if err := s.load(ctx, set, i, ref); err != nil {
			return err
		}
	}
	return nil
}

// load adds episode i of a set to the buffer, unless ctx has ended.
func (s *session) load(ctx context.Context, set *Dataset, i int, ref EpisodeRef) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s.tell(Loading, nil)
	e, err := set.Load(i)
	if err != nil {
		return err
	}
	return s.replay.Add(e, ref)
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
