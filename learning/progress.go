package learning

import (
	"fmt"
	"math"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
)

// Status is what a trainer is doing.
type Status uint8

const (
	Loading Status = iota
	Collecting
	Updating
	Evaluating
	Paused
	DiskFull // waiting for room; Resume tries again
	Done
)

func (s Status) String() string {
	return [...]string{"loading", "collecting", "updating", "evaluating", "paused", "disk full", "done"}[s]
}

// Progress is the state of a run after an update or a change of status.
type Progress struct {
	Status Status
	Counters
	TotalUpdates int // 0 if open
	TotalFrames  int
	Losses       rssm.Losses    // of the newest update
	Episode      *EpisodeMetric // the newest collected episode, nil before
	Evaluation   *EpisodeMetric // the newest episode played to evaluate, nil before
	Reward       string         // which one is learned: RewardShaped or RewardSparse
	Replay       ReplayStats
	Skipped      []error       // data that could not be used, by file: *FileErrors, oldest first
	Rate         float64       // updates per second of computing, over the last ones
	ETA          time.Duration // to the end, collecting included; 0 if unknown
	Checkpoint   string        // newest checkpoint file
	Saved        time.Time     // when it was written
	Err          error         // what could not be written, with DiskFull and perhaps Paused
}

// DivergedError stops a run whose losses are no longer numbers.
type DivergedError struct {
	Update     int     // the update at which it was seen, from 1
	Term       string  // a term of the loss as metrics call it, total or grad_norm
	Value      float64 // NaN or ±Inf
	Checkpoint string  // the last good one
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("training diverged: %s is %g at update %d; the last good checkpoint is %s",
		e.Term, e.Value, e.Update, e.Checkpoint)
}

// diverged returns the first term that is not finite.
func diverged(l rssm.Losses) (term string, value float64, bad bool) {
	for _, t := range []struct {
		name  string
		value float64
	}{{"image", l.Image}, {"reward", l.Reward}, {"kl", l.KL}, {"global_kl", l.GlobalKL},
		{"overshooting_kl", l.OvershootingKL}, {"overshooting_reward", l.OvershootingReward},
		{"total", l.Total}, {"grad_norm", l.GradNorm}} {
		if math.IsNaN(t.value) || math.IsInf(t.value, 0) {
			return t.name, t.value, true
		}
	}
	return "", 0, false
}

// speed measures updates per second over the last window of updates.
type speed struct {
	spent [32]time.Duration
	n     int
}

func (s *speed) add(d time.Duration) {
	s.spent[s.n%len(s.spent)] = d
	s.n++
}

// rate is updates per second, 0 before the first.
func (s *speed) rate() float64 {
	n := min(s.n, len(s.spent))
	var sum time.Duration
	for _, d := range s.spent[:n] {
		sum += d
	}
	if sum <= 0 {
		return 0
	}
	return float64(n) / sum.Seconds()
}
