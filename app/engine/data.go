package engine

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// DataSet is a folder of episodes as a list shows it.
type DataSet struct {
	Dir    string `json:"dir"` // absolute
	Name   string `json:"name"`
	Run    string `json:"run,omitempty"` // folder of the run that it belongs to; "" if it is nobody's
	Task   string `json:"task"`
	Title  string `json:"title"` // of the task, its name if this program does not know it
	Policy string `json:"policy"`

	Episodes  int       `json:"episodes"`
	Successes int       `json:"successes"`
	Frames    int       `json:"frames"`
	Bytes     int64     `json:"bytes"`
	Reward    string    `json:"reward"`      // which of the two the returns are of: shaped or sparse
	Return    float64   `json:"return_mean"` // of that reward
	Changed   time.Time `json:"changed"`

	InUse   string `json:"in_use,omitempty"`  // why it must not be changed now; "" if it may be
	Problem string `json:"problem,omitempty"` // what is wrong with its manifest; "" if nothing is
}

// FindData lists the data sets below a folder of user data, those of its training
// runs, and the folders named in more; the last changed first. A folder that is no
// data set is left out, but those in more are listed with their problem.
func FindData(home string, more []string, tasks []sim.Task) []DataSet {
	var found []DataSet
	seen := map[string]bool{}
	for _, dir := range more {
		if dir, err := filepath.Abs(dir); err == nil && !seen[dir] {
			seen[dir] = true
			found = append(found, describeData(home, dir, tasks))
		}
	}
	for _, dir := range dataFolders(home) {
		if _, err := os.Stat(filepath.Join(dir, learning.ManifestName)); err == nil && !seen[dir] {
			seen[dir] = true
			found = append(found, describeData(home, dir, tasks))
		}
	}
	slices.SortStableFunc(found, func(a, b DataSet) int { return b.Changed.Compare(a.Changed) })
	return found
}

// dataFolders are where data sets are looked for: a run has them in folders of its own,
// one that learns several tasks in folders of these.
func dataFolders(home string) []string {
	if abs, err := filepath.Abs(home); err == nil {
		home = abs
	}
	dirs := subfolders(filepath.Join(home, dataFolder))
	for _, run := range subfolders(RunsFolder(home)) {
		for _, dir := range subfolders(run) {
			dirs = append(append(dirs, dir), subfolders(dir)...)
		}
	}
	return dirs
}

// subfolders are the folders in one, links to folders included. What cannot be read
// has none.
func subfolders(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var dirs []string
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if stat, err := os.Stat(path); err == nil && stat.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			dirs = append(dirs, path)
		}
	}
	return dirs
}

// describeData reads a manifest.
func describeData(home, dir string, tasks []sim.Task) DataSet {
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return DataSet{Dir: dir, Name: dataSetName(dir), Problem: err.Error()}
	}
	return summed(home, set, tasks)
}

// summed sums up an open set.
func summed(home string, set *learning.Dataset, tasks []sim.Task) DataSet {
	d := DataSet{Dir: set.Dir, Name: dataSetName(set.Dir), Run: runOf(set.Dir), Task: set.Info.Task, Title: set.Info.Task,
		Policy: set.Info.Policy, Episodes: set.Episodes(), Successes: set.Successes(), Frames: set.Frames(), Reward: learning.RewardShaped}
	if i := slices.IndexFunc(tasks, func(t sim.Task) bool { return t.Name == d.Task }); i >= 0 {
		d.Title, d.Reward = tasks[i].Title, taskReward(tasks[i])
	}
	for _, e := range set.Entries {
		if !e.Deleted {
			d.Bytes += e.Bytes
			d.Return += entryReturn(e, d.Reward) / float64(d.Episodes)
		}
	}
	if stat, err := os.Stat(filepath.Join(set.Dir, learning.ManifestName)); err == nil {
		d.Changed = stat.ModTime()
	}
	if err := dataInUse(home, set.Dir); err != nil {
		d.InUse = err.Error()
	}
	return d
}

func entryReturn(e learning.DatasetEntry, reward string) float64 {
	if reward == learning.RewardSparse {
		return e.SparseReturn
	}
	return e.Return
}

// dataSetName is the name of a folder, with that of the run in front that it belongs to.
func dataSetName(dir string) string {
	if run := runOf(dir); run != "" {
		if rel, err := filepath.Rel(filepath.Dir(run), dir); err == nil {
			return filepath.ToSlash(rel)
		}
	}
	return filepath.Base(dir)
}

// runOf is the folder of the run that a data set lies in, "" if in none.
func runOf(dir string) string {
	parent := filepath.Dir(filepath.Clean(dir))
	for _, run := range []string{parent, filepath.Dir(parent)} {
		if files, err := learning.Checkpoints(run); err == nil && len(files) > 0 {
			return run
		}
	}
	return ""
}
