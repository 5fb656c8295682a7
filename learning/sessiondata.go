package learning

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"strings"
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

// folders names the offline data sets.
func (s *session) folders() string {
	var names []string
	for _, d := range s.offline {
		if d != nil {
			names = append(names, d.Dir)
		}
	}
	return strings.Join(names, ", ")
}

// portable is the data folder as the checkpoint names it: relative to the run
// folder if it lies within, so that the whole may be moved.
func (s *session) portable(data string) (string, error) {
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

// within undoes portable.
func (s *session) within(data string) (string, error) {
	if filepath.IsAbs(data) {
		return data, nil
	}
	return filepath.Join(s.opts.Out, data), nil
}

// openOffline opens the data sets of the tasks that have one.
func (s *session) openOffline() error {
	s.offline = nil
	for _, t := range s.run.Learns() {
		if t.Data == "" {
			s.offline = append(s.offline, nil)
			continue
		}
		data, err := OpenDataset(t.Data)
		if err != nil {
			return err
		}
		var m MismatchError
		m.compare("task", data.Info.Task, t.Name)
		m.compare("action_dim", data.Info.ActionDim, t.ActionDim)
		if t.Settings != nil {
			m.compareKnown("task ", data.Info.Settings, t.Settings)
		}
		if err := m.at(t.Data); err != nil {
			return err
		}
		s.offline = append(s.offline, data)
	}
	return nil
}

// openOwn opens the folders of collected episodes.
func (s *session) openOwn(from *Checkpoint) error {
	if s.run.Settings.Frames == 0 && s.counters.Episodes == 0 {
		return nil
	}
	for i, t := range s.run.Learns() {
		dir := filepath.Join(s.opts.Out, episodesFolder)
		if s.run.Tasks != nil {
			dir = filepath.Join(dir, t.Name)
		}
		own, err := s.openCollected(from, dir, t, s.plan.collectedOf(i, s.counters.Episodes))
		if err != nil {
			return err
		}
		s.own = append(s.own, own)
	}
	return nil
}

// openCollected opens the episodes of a task of which the checkpoint counts want.
// Those that a kill left unrecorded by it are dropped, and collected again.
func (s *session) openCollected(from *Checkpoint, dir string, t RunTask, want int) (*Dataset, error) {
	own, err := ResumeDataset(dir, DatasetInfo{
		Task: t.Name, Policy: "training", Seed: s.run.Seed, ActionDim: t.ActionDim,
		Settings: t.Settings, Command: s.run.Command, Version: s.run.Version,
	})
	if err != nil {
		return nil, err
	}
	own.disk = s.opts.disk
	switch have := len(own.Entries); {
	case from == nil && have > 0:
		// The first checkpoint comes before the first episode, so these are
		// somebody's: not ours to drop.
		return nil, &FileError{dir, fs.ErrExist, fmt.Sprintf("holds %d episodes of a run without a checkpoint", have)}
	case have < want:
		return nil, &FileError{dir, ErrCorrupt, fmt.Sprintf("%d episodes, the checkpoint counts %d", have, want)}
	}
	return own, own.truncate(want)
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

func indexAll(sets []*Dataset) []map[string]int {
	var all []map[string]int
	for _, d := range sets {
		all = append(all, d.index())
	}
	return all
}
