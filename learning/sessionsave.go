package learning

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/latco-studio/latco/learning/rssm"
)

// ModelName is the model file that a run leaves in its folder.
const ModelName = "model" + fileSuffix

// retryAfter is how long a full disk is left alone.
const retryAfter = 10 * time.Second

// persist does what writes to disk. While there is no room it waits, for Resume
// or a while, and tries again; nothing that was learned is lost meanwhile.
func (s *session) persist(ctx context.Context, write func() error) error {
	for {
		s.room.close()
		err := write()
		if err == nil || !errors.Is(err, ErrDiskFull) {
			return err
		}
		s.tell(DiskFull, err)
		if stopped := s.awaitRoom(ctx); stopped != nil {
			return errors.Join(err, stopped)
		}
	}
}

func (s *session) awaitRoom(ctx context.Context) error {
	soon, cancel := context.WithTimeout(ctx, retryAfter)
	defer cancel()
	if err := s.wait(soon, &s.room); err != nil {
		return ctx.Err() // nil if only the while is over
	}
	return nil
}

func (s *session) save(ctx context.Context) error { return s.persist(ctx, s.saveNow) }

// saveNow writes a checkpoint of this very moment.
func (s *session) saveNow() error {
	began := time.Now()
	state, err := s.learner.State()
	if err != nil {
		return err
	}
	took := time.Since(began)
	s.counters.WallS = s.wall()
	path, err := s.write(s.counters, state, s.replay.Refs(), s.replay.Stats().Evicted)
	if err != nil {
		return err
	}
	s.checkpoint, s.saved, s.savedAt = path, time.Now(), s.counters
	s.keep(state, took)
	return s.retire()
}

// write makes a checkpoint, and returns where it is.
func (s *session) write(c Counters, state rssm.TrainerState, replay []EpisodeRef, evicted int) (string, error) {
	// The metrics must not lag behind the counters after a power cut.
	if err := s.metrics.sync(); err != nil {
		return "", err
	}
	run := s.run
	if err := run.eachData(s.portable); err != nil {
		return "", err
	}
	return saveCheckpoint(s.opts.disk, s.opts.Out, &Checkpoint{Run: run, Counters: c, State: state, Replay: replay, Evicted: evicted},
		s.run.Settings.KeepCheckpoints)
}

// stop saves on the way out, once: nobody is there to make room.
func (s *session) stop() error {
	if err := s.saveNow(); err != nil {
		return fmt.Errorf("saving on the way out (the run goes on from %s): %w", filepath.Base(s.checkpoint), err)
	}
	if s.counters.Updates == 0 {
		return nil
	}
	return s.saveModel()
}

func (s *session) saveModel() error {
	p, err := s.learner.Snapshot()
	if err != nil {
		return err
	}
	episodes, frames := s.experience()
	return saveModel(s.opts.disk, filepath.Join(s.opts.Out, ModelName), &Model{
		Manifest: s.run.manifest(s.counters.Updates, frames, episodes),
		Params:   p,
	}, false)
}

// pause saves and waits.
func (s *session) pause(ctx context.Context) error {
	err := s.saveNow()
	if err != nil && !errors.Is(err, ErrDiskFull) {
		return err
	}
	s.tell(Paused, err)
	return s.wait(ctx, &s.gate)
}

// wait holds the run; the time it takes is not training time.
func (s *session) wait(ctx context.Context, g *gate) error {
	began := time.Now()
	err := g.wait(ctx)
	s.resumedAt = s.resumedAt.Add(time.Since(began))
	return err
}

func (s *session) log(ctx context.Context, m Metric) error {
	m.Updates, m.Frames, m.Episodes = s.counters.Updates, s.counters.Frames, s.counters.Episodes
	m.Evaluations, m.WallS = s.counters.Evaluations, s.wall()
	return s.persist(ctx, func() error { return s.metrics.append(m) })
}

func lossMetric(l rssm.Losses) *LossMetric {
	return &LossMetric{l.Total, l.Image, l.Reward, l.KL, l.GradNorm, l.GlobalKL, l.OvershootingKL, l.OvershootingReward}
}

// wall is the seconds of the run over all its sessions.
func (s *session) wall() float64 { return s.wallBefore + time.Since(s.resumedAt).Seconds() }

// tell reports progress.
func (s *session) tell(status Status, err error) {
	s.counters.WallS = s.wall()
	s.report(Progress{
		Status: status, Counters: s.counters,
		TotalUpdates: s.run.Settings.Updates, TotalFrames: s.run.Settings.Frames,
		Losses: s.losses, Episode: s.episode, Evaluation: s.evaluation, Reward: s.run.Reward(), Replay: s.replay.Stats(), Skipped: s.skipped,
		Rate: s.speed.rate(), ETA: s.eta(),
		Checkpoint: s.checkpoint, Saved: s.saved, Err: err,
	})
}

// eta goes by what this session achieved, so that collecting is counted: the
// share of updates if their number is set, else the share of frames.
func (s *session) eta() time.Duration {
	did, left := s.counters.Updates-s.doneBefore, s.run.Settings.Updates-s.counters.Updates
	if s.run.Settings.Updates == 0 {
		did, left = s.counters.Frames-s.framesBefore, s.run.Settings.Frames-s.counters.Frames
	}
	if did <= 0 || left <= 0 {
		return 0
	}
	return time.Duration(float64(time.Since(s.resumedAt)) * float64(left) / float64(did))
}
