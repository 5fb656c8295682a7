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
	for _, dir := range newestFirst(home) {
		if run, _, err := learning.LoadRun(dir); err == nil && run.Tasks == nil && run.Task == task {
			return dir
		}
	}
	return ""
}

// newestModels are, by task, the folders of the runs that were last worked on of
// those whose model knows it, alone or among others.
func newestModels(home string) map[string]string {
	models := map[string]string{}
	for _, dir := range newestFirst(home) {
		m, err := learning.ReadManifestFile(filepath.Join(dir, learning.ModelName))
		if err != nil {
			continue // no model yet, or a damaged one
		}
		for _, task := range m.TaskNames() {
			models[task] = cmp.Or(models[task], dir)
		}
	}
	return models
}

// newestFirst are the folders of all runs, the one last worked on first.
func newestFirst(home string) []string {
	folders, err := filepath.Glob(filepath.Join(home, runsFolder, "*"))
	if err != nil {
		return nil
	}
	saved := map[string]time.Time{}
	for _, dir := range folders {
		files, err := learning.Checkpoints(dir)
		if err != nil || len(files) == 0 {
			continue
		}
		if info, err := os.Stat(files[0]); err == nil {
			saved[dir] = info.ModTime()
		}
	}
	folders = slices.DeleteFunc(folders, func(dir string) bool { return saved[dir].IsZero() })
	slices.SortStableFunc(folders, func(a, b string) int { return saved[b].Compare(saved[a]) })
	return folders
}
