package engine

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/latco-studio/latco/learning"
)

// newestRun is the folder of the run of this task alone that was last worked on, ""
// if there is none.
func newestRun(home, task string) string {
	return newest(home, func(dir string) bool {
		run, _, err := learning.LoadRun(dir)
		return err == nil && run.Tasks == nil && run.Task == task
	})
}

// newestModel is the folder of the run that was last worked on of those whose model
// knows a task, alone or among others; "" if there is none.
func newestModel(home, task string) string {
	return newest(home, func(dir string) bool {
		m, err := learning.ReadManifestFile(filepath.Join(dir, learning.ModelName))
		return err == nil && (m.Task == task || slices.ContainsFunc(m.Tasks, func(t learning.ModelTask) bool { return t.Name == task }))
	})
}

// newest looks for a run folder, the last worked on first.
func newest(home string, wanted func(dir string) bool) string {
	type run struct {
		dir   string
		saved time.Time
	}
	var runs []run
	folders, err := filepath.Glob(filepath.Join(home, runsFolder, "*"))
	if err != nil {
		return ""
	}
	for _, dir := range folders {
		files, err := learning.Checkpoints(dir)
		if err != nil || len(files) == 0 {
			continue
		}
		if info, err := os.Stat(files[0]); err == nil {
			runs = append(runs, run{dir, info.ModTime()})
		}
	}
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Or(b.saved.Compare(a.saved), cmp.Compare(a.dir, b.dir)) })
	for _, r := range runs {
		if wanted(r.dir) {
			return r.dir
		}
	}
	return ""
}
