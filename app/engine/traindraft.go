package engine

import (
	"time"

	"github.com/latco-studio/latco/learning"
)

// trainDraft is the TrainView of a run in the making. It belongs to the train
// worker.
type trainDraft struct {
	TrainView
	curves   map[string]*thinned[Point]
	updates  int // of the last point
	episodes int
	played   int // to evaluate
	told     time.Time
}

// tellEvery limits how often progress is reported; an update takes less.
const tellEvery = 200 * time.Millisecond

// curveNames in the order of a legend.
var curveNames = [...]string{"image", "reward", "kl", "grad_norm", "return", "evaluation"}

func newTrainDraft(o trainOrder) trainDraft {
	d := trainDraft{curves: map[string]*thinned[Point]{}}
	for _, name := range curveNames {
		d.curves[name] = &thinned[Point]{}
	}
	d.Task, d.Title = o.task.Name, o.task.Title
	d.Preset, d.Total, d.Out = o.run.Preset, o.run.Settings.Updates, o.options.Out
	return d
}

// copy is a TrainView that later changes leave alone.
func (d *trainDraft) copy() TrainView {
	v := d.TrainView
	v.Curves = make(map[string][]Point, len(d.curves))
	for name, c := range d.curves {
		if len(c.kept) > 0 {
			v.Curves[name] = c.view()
		}
	}
	return v
}

// follow takes over progress and says whether it is worth telling now.
func (d *trainDraft) follow(p learning.Progress, now time.Time) bool {
	before := d.Status
	d.Status = trainStatus(p.Status)
	d.Updates, d.Total = p.Updates, p.TotalUpdates
	d.Rate, d.ETA, d.LastSave = p.Rate, p.ETA, p.Saved
	d.Frames, d.Episodes = p.Replay.Steps, p.Replay.Episodes
	d.Err = ""
	if p.Err != nil {
		d.Err = p.Err.Error()
	}
	x := float64(p.Updates)
	if p.Updates > d.updates {
		d.updates = p.Updates
		for name, y := range map[string]float64{"image": p.Losses.Image, "reward": p.Losses.Reward,
			"kl": p.Losses.KL, "grad_norm": p.Losses.GradNorm} {
			d.curves[name].add(Point{x, y})
		}
	}
	if p.Episode != nil && p.Counters.Episodes > d.episodes {
		d.episodes = p.Counters.Episodes
		d.curves["return"].add(Point{x, p.Episode.Return})
	}
	if p.Evaluation != nil && p.Evaluations > d.played {
		d.played = p.Evaluations
		d.curves["evaluation"].add(Point{x, p.Evaluation.Return})
	}
	if d.Status == before && now.Sub(d.told) < tellEvery {
		return false
	}
	d.told = now
	return true
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
