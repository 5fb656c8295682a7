package engine

import (
	"cmp"
	"slices"

	"github.com/latco-studio/latco/learning/rssm"
)

// Tasks are all tasks in menu order, without their settings, and which model each
// would be loaded with now.
func (e *Engine) Tasks() []TaskInfo {
	var list []TaskInfo
	trained := newestModels(e.cfg.Home)
	for _, t := range e.parts.Tasks {
		info := describe(t)
		info.Model = cmp.Or(e.parts.Models.Bundled(t.Name), trained[t.Name])
		list = append(list, info)
	}
	return list
}

// Bundled are the names of the models that come with the tasks.
func (e *Engine) Bundled() []string {
	var names []string
	for _, t := range e.parts.Tasks {
		if name := e.parts.Models.Bundled(t.Name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// defaultPreset is what StartTraining and latco train use if told nothing.
const defaultPreset = "class"

// Presets are the sizes of world models to train, the default first.
func Presets() []string {
	names := rssm.Presets()
	slices.SortStableFunc(names, func(a, b string) int { return rank(a) - rank(b) })
	return names
}

func rank(preset string) int {
	if preset == defaultPreset {
		return 0
	}
	return 1
}
