package engine

import (
	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
)

// TrainingFields describe everything that StartTraining.Fields can set, with the
// values of a preset on these tasks: the model and its optimiser, and how the run is
// fed, evaluated, watched and saved. Nobody else points into the values.
func TrainingFields(preset string, tasks ...TaskInfo) (model, run []setting.Field, err error) {
	config, err := rssm.Preset(preset)
	if err != nil {
		return nil, nil, err
	}
	settings := learning.PresetSettings(preset)
	model, run = config.Fields(), settings.Fields()
	var recipes []map[string]string
	for _, t := range tasks {
		recipes = append(recipes, prescribed(preset, t.Name, t.Group))
	}
	return model, run, fill(append(model, run...), recipes)
}
