package engine

import (
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// trainDraft is the TrainView of a run in the making. It belongs to the train
// worker.
type trainDraft struct {
	TrainView
	curves   curveBook
	meter    meter
	updates  int // of the last point
	episodes int
	played   int // to evaluate
	told     time.Time
}

// tellEvery limits how often progress is reported; an update takes less.
const tellEvery = 200 * time.Millisecond

func newTrainDraft(o trainOrder) trainDraft {
	d := trainDraft{}
	d.Task, d.Title = o.run.Task, titles(o.tasks)
	d.Preset, d.Total, d.Out = o.run.Preset, o.run.Settings.Updates, o.options.Out
	d.TotalFrames = o.run.Settings.Frames
	return d
}

// recall brings back the curves of a run that is resumed, as far as its newest
// checkpoint: what lies beyond is done again. Metrics that cannot be read leave
// them empty; the trainer says why.
func (d *trainDraft) recall(dir string) {
	_, at, err := learning.LoadRun(dir)
	if err != nil {
		return
	}
	metrics, err := learning.ReadMetrics(dir)
	if err != nil {
		return
	}
	for _, m := range metrics {
		if m.Updates <= at.Updates && m.Episodes <= at.Episodes && m.Evaluations <= at.Evaluations {
			d.curves.add(m)
		}
	}
	d.updates, d.episodes, d.played = at.Updates, at.Episodes, at.Evaluations
}

// copy is a TrainView that later changes leave alone.
func (d *trainDraft) copy() TrainView {
	v := d.TrainView
	v.Curves = d.curves.view()
	return v
}

// follow takes over progress and says whether it is worth telling now.
func (d *trainDraft) follow(p learning.Progress, now time.Time) bool {
	before := d.Doing
	d.Status, d.Doing = trainStatus(p.Status), p.Status.String()
	d.Updates, d.Total = p.Updates, p.TotalUpdates
	d.Collected, d.TotalFrames = p.Counters.Frames, p.TotalFrames
	d.Rate, d.ETA, d.LastSave = p.Rate, p.ETA, p.Saved
	d.Frames, d.Episodes = p.Replay.Steps, p.Replay.Episodes
	d.Usage.Replay, d.Usage.Scratch = p.Replay.Memory, p.Replay.Scratch
	d.Err = ""
	if p.Err != nil {
		d.Err = p.Err.Error()
	}
	d.chart(p)
	if d.Doing == before && now.Sub(d.told) < tellEvery {
		return false
	}
	d.told = now
	d.meter.read(&d.Usage, now)
	return true
}

// chart adds what is new to the curves.
func (d *trainDraft) chart(p learning.Progress) {
	m := learning.Metric{Updates: p.Updates, Frames: p.Counters.Frames, Episodes: p.Counters.Episodes, WallS: p.WallS, Evaluations: p.Evaluations}
	if p.Updates > d.updates {
		d.updates = p.Updates
		update := m
		update.Kind, update.LossMetric = "update", lossMetric(p.Losses)
		d.curves.add(update)
	}
	if p.Episode != nil && p.Counters.Episodes > d.episodes {
		d.episodes = p.Counters.Episodes
		episode := m
		episode.Kind, episode.EpisodeMetric = "episode", p.Episode
		d.curves.add(episode)
	}
	if p.Evaluation != nil && p.Evaluations > d.played {
		d.played = p.Evaluations
		evaluation := m
		evaluation.Kind, evaluation.EpisodeMetric = "evaluation", p.Evaluation
		d.curves.add(evaluation)
	}
}

func lossMetric(l rssm.Losses) *learning.LossMetric {
	return &learning.LossMetric{Total: l.Total, Image: l.Image, Reward: l.Reward, KL: l.KL, GradNorm: l.GradNorm,
		GlobalKL: l.GlobalKL, OvershootingKL: l.OvershootingKL, OvershootingReward: l.OvershootingReward}
}

func trainStatus(s learning.Status) TrainStatus {
	switch s {
	case learning.Collecting:
		return TrainCollecting
	case learning.Paused, learning.DiskFull:
		return TrainPaused
	case learning.Done:
		return TrainRunning // until the worker has closed everything
	}
	return TrainRunning
}
