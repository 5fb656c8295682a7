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

	Losses  *LossMetric `json:"losses"` // the newest, nil before
	Obtains             // over all of its tasks
	// ByTask has them of each task, in the order of Tasks; nil of a run of one.
	ByTask []TaskObtains `json:"by_task,omitempty"`
}

// Finished says that a run has reached its totals: to go on it needs larger ones.
func (r *RunInfo) Finished() bool {
	if r.Settings.Updates > 0 {
		return r.Updates >= r.Settings.Updates
	}
	return r.Settings.Frames > 0 && r.Frames >= r.Settings.Frames
}

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
// "task " and "planner " in front, followed by the task's name where there are
// several, then the model's and the trainer's.
func (r Run) Texts() map[string]string {
	texts := map[string]string{"task": r.Task, "preset": r.Preset, "seed": strconv.FormatInt(r.Seed, 10), "planner": r.Planner}
	for _, t := range r.Learns() {
		data, of := "data", ""
		if r.Tasks != nil {
			data, of = "data "+t.Name, t.Name+" "
		}
		texts[data] = t.Data
		for key, text := range t.Settings {
			texts["task "+of+key] = text
		}
		for key, text := range t.PlannerSettings {
			texts["planner "+of+key] = text
		}
	}
	maps.Copy(texts, setting.Map(r.Config.Fields()))
	maps.Copy(texts, setting.Map(r.Settings.Fields()))
	return texts
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
