package learning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// MetricsName is the metrics file of a run folder: JSON Lines, one Metric each.
const MetricsName = "metrics.jsonl"

// Metric is one line: the losses of an update, or the result of an episode that
// was collected or played to evaluate, with the counters at that moment.
type Metric struct {
	Kind     string  `json:"kind"` // update, episode or evaluation
	Updates  int     `json:"updates"`
	Frames   int     `json:"frames"`
	Episodes int     `json:"episodes"`
	WallS    float64 `json:"wall_s"` // of the run, over all its sessions

	Evaluations int `json:"evaluations,omitempty"` // episodes played to evaluate

	// Losses of the update with that number; nil for an episode.
	*LossMetric
	// EpisodeMetric of the episode, or evaluation, with that number; nil for an
	// update.
	*EpisodeMetric
}

// LossMetric are the losses of one update, before it was applied.
type LossMetric struct {
	Total    float64 `json:"total"`
	Image    float64 `json:"image"`
	Reward   float64 `json:"reward"`
	KL       float64 `json:"kl"`
	GradNorm float64 `json:"grad_norm"` // before clipping

	GlobalKL           float64 `json:"global_kl,omitempty"`
	OvershootingKL     float64 `json:"overshooting_kl,omitempty"`
	OvershootingReward float64 `json:"overshooting_reward,omitempty"`
}

// EpisodeMetric is what an episode obtained.
type EpisodeMetric struct {
	Task         string  `json:"task,omitempty"` // of a run of several
	Policy       string  `json:"policy"`         // or planner
	Seed         int64   `json:"seed"`
	Return       float64 `json:"return"` // of the reward that is learned
	ShapedReturn float64 `json:"shaped_return"`
	SparseReturn float64 `json:"sparse_return"`
	Success      bool    `json:"success"`
	Outcome      string  `json:"outcome,omitempty"`
	Steps        int     `json:"steps"`
}

// obtained describes an episode by the reward that is learned.
func obtained(e *Episode, reward string) *EpisodeMetric {
	return &EpisodeMetric{Policy: e.Info.Policy, Seed: e.Info.Seed, Return: e.Return(reward),
		ShapedReturn: e.Return(RewardShaped), SparseReturn: e.Return(RewardSparse),
		Success: e.Info.Success, Outcome: e.Info.Outcome, Steps: e.Steps()}
}

// metricsLog appends to metrics.jsonl. A line is one write, so a kill leaves at
// most the last one incomplete.
type metricsLog struct {
	file *os.File
	disk disk
	flaw *FileError // what was wrong with the file, nil if nothing was
}

// openMetrics opens path for the session of a run that is as far as the counters
// say. What lies beyond, and a line cut short, is dropped: the run does it again. If
// a line cannot be read the file is kept under another name, and the others are
// carried over.
func openMetrics(d disk, path string, at Counters) (*metricsLog, error) {
	old, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var keep []byte
	var bad *FileError
	for rest := old; ; {
		line, after, complete := bytes.Cut(rest, []byte("\n"))
		if !complete {
			break
		}
		rest = after
		var m Metric
		if err := json.Unmarshal(line, &m); err != nil {
			bad = &FileError{path, ErrCorrupt, fmt.Sprintf("%v; kept as %s, without that line going on", err, MetricsName+damagedSuffix)}
			continue
		}
		if m.Updates <= at.Updates && m.Episodes <= at.Episodes && m.Evaluations <= at.Evaluations {
			keep = append(append(keep, line...), '\n')
		}
	}
	if bad != nil {
		if err := d.replaceBytes(path+damagedSuffix, old); err != nil {
			return nil, err
		}
	}
	if len(keep) != len(old) {
		if err := d.replaceBytes(path, keep); err != nil {
			return nil, err
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return nil, writeError(path, err)
	}
	return &metricsLog{f, d, bad}, nil
}

// append writes one line. If there is no room for all of it, none stays.
func (l *metricsLog) append(m Metric) error {
	line, err := json.Marshal(m)
	if err != nil {
		return err
	}
	size, err := l.file.Seek(0, 2)
	if err != nil {
		return err
	}
	if _, err := l.file.Write(append(line, '\n')); err != nil {
		return errors.Join(writeError(l.file.Name(), err), l.file.Truncate(size))
	}
	return nil
}

func (l *metricsLog) sync() error { return l.disk.sync(l.file) }

func (l *metricsLog) close() error { return l.file.Close() }

// ReadMetrics reads the metrics of a run folder. A last line without its end,
// as a kill may leave it, is not yet a line. Lines that cannot be read are left out:
// the others come with a *FileError that wraps ErrCorrupt and says which.
func ReadMetrics(dir string) ([]Metric, error) {
	path := filepath.Join(dir, MetricsName)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var ms []Metric
	var bad []string
	for n := 1; ; n++ {
		line, after, complete := bytes.Cut(text, []byte("\n"))
		if !complete {
			break
		}
		text = after
		var m Metric
		if err := json.Unmarshal(line, &m); err != nil {
			bad = append(bad, fmt.Sprintf("line %d: %v", n, err))
			continue
		}
		ms = append(ms, m)
	}
	if len(bad) > 0 {
		return ms, &FileError{path, ErrCorrupt, leftOut(bad, len(ms))}
	}
	return ms, nil
}

// leftOut says which lines are, the first at length.
func leftOut(bad []string, good int) string {
	if len(bad) == 1 {
		return fmt.Sprintf("%s; left out of %d lines", bad[0], good+1)
	}
	return fmt.Sprintf("%s; %d of %d lines left out", bad[0], len(bad), good+len(bad))
}
