package engine

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// asTrained completes the settings of a task by those that a model learned it with:
// with another action repeat, say, its predictions would be of another length.
func asTrained(w World, task sim.Task, given map[string]string) (map[string]string, error) {
	if len(w.Settings()) == 0 {
		return given, nil
	}
	inst, err := task.New(given)
	if err != nil {
		return nil, fmt.Errorf("task %s: %w", task.Name, err)
	}
	defer inst.Close()
	all := maps.Clone(given)
	for key, text := range w.Settings() {
		if has(inst.Fields(), key) { // else it is not settable any more
			all[key] = cmp.Or(given[key], text)
		}
	}
	return all, nil
}

// otherThanTrained says which settings of a scene are not those that a model
// learned with, "" if all are.
func otherThanTrained(w World, scene []setting.Field) string {
	var others []string
	now := setting.Map(scene)
	for _, key := range slices.Sorted(maps.Keys(w.Settings())) {
		if text, ok := now[key]; ok && text != w.Settings()[key] {
			others = append(others, fmt.Sprintf("%s %s, not %s", key, w.Settings()[key], text))
		}
	}
	return strings.Join(others, "; ")
}
