package learning

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/latco-studio/latco/resources/setting"
)

// RunInfo says what a run folder holds and how far it is. It is for lists: no
// parameters are read, and what is damaged is said instead of being an error.
type RunInfo struct {
	Name string `json:"name"` // of the folder
	Dir  string `json:"dir"`
	Run  `json:"run"`
	Counters
	Saved time.Time `json:"saved"` // the newest checkpoint
	Bytes int64     `json:"bytes"` // on disk, everything in the folder
	InUse string    `json:"in_use,omitempty"`
	// Problem is what is wrong with its files; "" if nothing is.
	Problem string `json:"problem,omitempty"`

	Losses     *LossMetric `json:"losses"`     // the newest, nil before
	Collected  *Obtained   `json:"collected"`  // the newest ten episodes, nil before the first
	Evaluation *Obtained   `json:"evaluation"` // the newest evaluation, nil before
}

// Obtained sums up episodes.
type Obtained struct {
	Episodes    int     `json:"episodes"`
	ReturnMean  float64 `json:"return_mean"` // of the reward that is learned
	SuccessRate float64 `json:"success_rate"`
}

// recentEpisodes are summed up as what a run obtains now.
const recentEpisodes = 10

// ReadRunInfo describes the run in dir. A folder without a checkpoint is an error
// that wraps ErrNoRun.
func ReadRunInfo(dir string) (*RunInfo, error) {
	r := &RunInfo{Name: filepath.Base(dir), Dir: dir}
	files, err := Checkpoints(dir)
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, &FileError{Path: dir, Reason: ErrNoRun}
	}
	var problems []error
	r.Run, r.Counters, err = LoadRun(dir)
	problems = append(problems, err)
	if stat, err := os.Stat(files[0]); err == nil {
		r.Saved = stat.ModTime()
	}
	metrics, err := ReadMetrics(dir)
	problems = append(problems, err)
	r.take(metrics)
	if err := Locked(dir); err != nil {
		r.InUse = err.Error()
		r.advance(metrics)
	}
	r.Bytes, err = bytesUnder(dir)
	problems = append(problems, err)
	if err := errors.Join(problems...); err != nil {
		r.Problem = err.Error()
	}
	return r, nil
}

// Texts are the settings of a run by key: those of the task and the planner with
// "task " and "planner " in front, then the model's and the trainer's.
func (r Run) Texts() map[string]string {
	texts := map[string]string{"task": r.Task, "preset": r.Preset, "seed": strconv.FormatInt(r.Seed, 10),
		"data": r.Data, "planner": r.Planner}
	for key, text := range r.TaskSettings {
		texts["task "+key] = text
	}
	for key, text := range r.PlannerSettings {
		texts["planner "+key] = text
	}
	maps.Copy(texts, setting.Map(r.Config.Fields()))
	maps.Copy(texts, setting.Map(r.Settings.Fields()))
	return texts
}

// take sums up the newest metrics.
func (r *RunInfo) take(metrics []Metric) {
	var collected, evaluated []*EpisodeMetric
	evaluatedAt := -1 // updates
	for i := len(metrics) - 1; i >= 0; i-- {
		switch m := metrics[i]; {
		case m.Kind == "update" && r.Losses == nil:
			r.Losses = m.LossMetric
		case m.EpisodeMetric == nil:
		case m.Kind == "episode" && len(collected) < recentEpisodes:
			collected = append(collected, m.EpisodeMetric)
		case m.Kind == "evaluation" && (evaluatedAt < 0 || m.Updates == evaluatedAt):
			evaluatedAt = m.Updates
			evaluated = append(evaluated, m.EpisodeMetric)
		}
	}
	r.Collected, r.Evaluation = obtainedBy(collected), obtainedBy(evaluated)
}

// advance takes the counters of a run in training from its newest metrics, which
// are ahead of its newest checkpoint.
func (r *RunInfo) advance(metrics []Metric) {
	if len(metrics) == 0 {
		return
	}
	m := metrics[len(metrics)-1]
	r.Updates, r.Frames, r.Episodes, r.Evaluations, r.WallS = m.Updates, m.Frames, m.Episodes, m.Evaluations, m.WallS
}

func obtainedBy(episodes []*EpisodeMetric) *Obtained {
	if len(episodes) == 0 {
		return nil
	}
	o := &Obtained{Episodes: len(episodes)}
	for _, e := range episodes {
		o.ReturnMean += e.Return / float64(len(episodes))
		if e.Success {
			o.SuccessRate += 1 / float64(len(episodes))
		}
	}
	return o
}

// bytesUnder adds up the files of a folder, which may change meanwhile.
func bytesUnder(dir string) (int64, error) {
	var sum int64
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return ignoreMissing(err)
		}
		info, err := d.Info()
		if err == nil {
			sum += info.Size()
		}
		return ignoreMissing(err)
	})
	return sum, err
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
