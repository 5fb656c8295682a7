package learning

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

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

func indexAll(sets []*Dataset) []map[string]int {
	var all []map[string]int
	for _, d := range sets {
		all = append(all, d.index())
	}
	return all
}
