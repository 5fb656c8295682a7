package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/sim"
)

// QualityOptions describe a measurement of what models have learned.
type QualityOptions struct {
	Parts   Parts
	Models  []string // names, files or run folders, at least one
	Data    []string // data sets, one for each task of the models
	Context int      // rows seen before a prediction; 0 = 5
	Steps   int      // rows foreseen; 0 = 50
	Seed    int64    // of what the filter draws
	Device  string
	Threads int         // 0 = all cores
	Warn    func(error) // is told what was left out, if not nil

	// Computing is told the name of the device that computes, once it has been opened.
	// It is called like Progress. Nil is allowed.
	Computing func(device string)
}

// QualityResult is the JSON document of latco quality.
type QualityResult struct {
	Seed   int64          `json:"seed"`
	Models []ModelQuality `json:"models"` // in the order asked for
	WallS  float64        `json:"wall_s"`
}

// ModelQuality is one row of its table.
type ModelQuality struct {
	Model        string `json:"model"`
	Task         string `json:"task"`
	Preset       string `json:"preset"`
	Dynamics     string `json:"dynamics"`
	Overshooting int    `json:"overshooting"` // distance trained, 0 = none
	Updates      int    `json:"updates"`
	Data         string `json:"data"`
	Device       string `json:"device"`
	Short        int    `json:"short"`   // episodes left out: shorter than context + steps
	Damaged      int    `json:"damaged"` // episodes left out
	// TrainedOn counts the episodes measured that the model learned from. It is
	// known of run folders, whose checkpoint says so; null otherwise.
	TrainedOn *int `json:"trained_on"`
	learning.Quality
}

// MeasureQuality compares what models foresee with what happened in the episodes
// of data sets. Every model is measured on the set of its task.
func MeasureQuality(ctx context.Context, o QualityOptions, progress Progress) (*QualityResult, error) {
	began := time.Now()
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	exams, err := parts.exams(o)
	if err != nil {
		return nil, err
	}
	total, done := 0, 0
	for _, e := range exams {
		total += len(e.set.Entries)
	}
	r := &QualityResult{Seed: o.Seed, Models: []ModelQuality{}}
	for _, e := range exams {
		progress.say(done, total, e.world.info.Name)
		q, err := e.run(ctx, o, func() { done++; progress.say(done, total, e.world.info.Name) })
		if err != nil {
			return r, fmt.Errorf("model %s: %w", e.name, err)
		}
		r.Models = append(r.Models, *q)
	}
	r.WallS = time.Since(began).Seconds()
	return r, nil
}

// exam is a model and the data set it is measured on.
type exam struct {
	name  string // as asked for
	world *rssmWorld
	set   *learning.Dataset
}

// exams opens every model and data set before the first is measured.
func (p *Parts) exams(o QualityOptions) ([]exam, error) {
	if len(o.Models) == 0 || len(o.Data) == 0 {
		return nil, errors.New("measuring takes at least one model and one data set")
	}
	sets := map[string]*learning.Dataset{}
	for _, dir := range o.Data {
		set, err := learning.OpenDataset(dir)
		if err != nil {
			return nil, err
		}
		if old := sets[set.Info.Task]; old != nil {
			return nil, fmt.Errorf("data sets %s and %s are both of task %s: one for each task", old.Dir, dir, set.Info.Task)
		}
		sets[set.Info.Task] = set
	}
	var exams []exam
	for _, name := range o.Models {
		w, err := p.Models.Open(name)
		if err != nil {
			return nil, err
		}
		world, ok := w.(*rssmWorld)
		if !ok {
			return nil, fmt.Errorf("model %s: no world model of pixels, which is what is measured", name)
		}
		before := len(exams)
		for _, task := range world.taskNames() {
			set := sets[task]
			if set == nil {
				continue
			}
			one, err := world.For(sim.Task{Name: task, ActionDim: set.Info.ActionDim})
			if err != nil {
				return nil, fmt.Errorf("model %s on data set %s: %w", name, set.Dir, err)
			}
			exams = append(exams, exam{name, one.(*rssmWorld), set})
		}
		if len(exams) == before {
			return nil, fmt.Errorf("model %s was trained on task %s, of which there is no data set", name, strings.Join(world.taskNames(), " and "))
		}
	}
	return exams, nil
}

// run measures one model; tick is called after each episode.
func (e exam) run(ctx context.Context, o QualityOptions, tick func()) (*ModelQuality, error) {
	dev, err := openDevice(o.Device, cmp.Or(o.Threads, runtime.NumCPU()))
	if err != nil {
		return nil, err
	}
	defer dev.Close()
	if o.Computing != nil {
		o.Computing(dev.Name())
	}
	params, info := e.world.params, e.world.info
	model, err := rssm.NewModel(params, dev)
	if err != nil {
		return nil, err
	}
	defer model.Close()
	examiner, err := learning.NewExaminer(learning.ModelSubject{Model: model, Rewards: params.Rewards},
		learning.QualityOptions{Context: o.Context, Steps: o.Steps, Reward: info.Reward, Seed: o.Seed})
	if err != nil {
		return nil, err
	}
	trained, err := trainedOn(info.Source)
	if err != nil {
		return nil, err
	}
	q := &ModelQuality{Model: info.Name, Task: e.world.task, Preset: info.Preset, Dynamics: params.Config.Dynamics,
		Overshooting: params.Config.Overshooting, Updates: info.Updates, Data: e.set.Dir, Device: dev.Name()}
	seen := 0
	for i, entry := range e.set.Entries {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := e.add(examiner, i, q, o.Warn); err != nil {
			return nil, fmt.Errorf("%s: %w", entry.File, err)
		}
		if trained[entry.SHA256] {
			seen++
		}
		tick()
	}
	if trained != nil {
		q.TrainedOn = &seen
	}
	q.Quality = examiner.Quality()
	if q.Episodes == 0 {
		return nil, fmt.Errorf("data set %s has no episode of %d rows or more", e.set.Dir, q.Context+q.Steps)
	}
	return q, nil
}

// add measures episode i, or says why not.
func (e exam) add(x *learning.Examiner, i int, q *ModelQuality, warn func(error)) error {
	episode, err := e.set.Load(i)
	if errors.Is(err, learning.ErrDeleted) {
		return nil
	}
	if err != nil {
		q.Damaged++
		if warn != nil {
			warn(err)
		}
		return nil
	}
	measured, err := x.Add(episode)
	if err == nil && !measured {
		q.Short++
	}
	return err
}

// trainedOn names the episodes that the model in a run's folder learned from, or
// is nil where that is not known.
func trainedOn(source string) (map[string]bool, error) {
	if filepath.Base(source) != learning.ModelName {
		return nil, nil
	}
	trained, err := learning.TrainedOn(filepath.Dir(source))
	if errors.Is(err, learning.ErrNoRun) {
		return nil, nil
	}
	return trained, err
}
