package engine

import (
	"image"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// publish reports newer parameters.
func (r *trainRun) publish(p *rssm.Params) {
	w := &rssmWorld{params: p, task: r.run.Task,
		info: ModelInfo{Name: r.view.Title + " in training", Preset: r.run.Preset, Updates: p.Updates, Source: trainingModel, Reward: r.reward}}
	if len(r.tasks) == 1 {
		w.info.Name = r.run.Task + " in training"
	} else {
		w.task = ""
		for _, t := range r.run.Tasks {
			w.tasks = append(w.tasks, learning.ModelTask{Name: t.Name, ActionDim: t.ActionDim, Reward: r.run.RewardOf(t)})
		}
	}
	r.trainWorker.report(published{r.id, w})
}

// TimeLapse is how the prediction of one episode sharpened during a run.
type TimeLapse struct {
	Shots []learning.Shot // by updates
	// Open unpacks a shot, in a few milliseconds. Any goroutine may call it.
	Open func(i int) (*OpenLoop, error)
}

func newTimeLapse(l *learning.TimeLapse) *TimeLapse {
	return &TimeLapse{Shots: l.Shots(), Open: func(i int) (*OpenLoop, error) {
		o, err := l.Shot(i)
		if err != nil {
			return nil, err
		}
		return pictured(o), nil
	}}
}

func (r *trainRun) openLoop(o *learning.OpenLoop) {
	r.view.OpenLoop = pictured(o)
	r.tell()
}

func (r *trainRun) timeLapse(l *learning.TimeLapse) {
	r.view.Lapse = newTimeLapse(l)
	r.tell()
}

// pictured is a prediction as a screen shows it.
func pictured(o *learning.OpenLoop) *OpenLoop {
	return &OpenLoop{Updates: o.Updates, Context: o.Context, HeldOut: o.HeldOut, Error: o.PredictedError(),
		Truth: frames(o.Truth), Model: frames(o.Model)}
}

// frames cuts n×64×64×3 pixels into images.
func frames(pixels []uint8) []*image.RGBA {
	var out []*image.RGBA
	for ; len(pixels) >= frameBytes; pixels = pixels[frameBytes:] {
		out = append(out, toImage(pixels[:frameBytes]))
	}
	return out
}
