package engine

import (
	"maps"
	"slices"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// Recipe is what a preset takes on some tasks instead of its own values and of those
// tasks': settings of the model, the trainer, the planner and the task by key. What
// is given otherwise, by hand or by a data set, counts more. A run notes all of it
// in its checkpoints like any other setting.
type Recipe struct {
	Presets []string          `json:"presets"`
	Tasks   []string          `json:"tasks"` // names and groups
	Values  map[string]string `json:"values"`
	Why     string            `json:"why"`
}

// Recipes are all recipes; later ones count more.
func Recipes() []Recipe {
	planet := []string{"planet", "planet-v1"}
	small := append(slices.Clone(planet), "class")
	return []Recipe{
		{[]string{"class"}, []string{"dmc"}, map[string]string{"image_scale": "16", "free_nats": "3"},
			"thin limbs on a plain floor: without free nats, which the preset leaves out for the lottery's sake, the model stays with the mean image"},
		{[]string{"class"}, []string{"dmc"}, map[string]string{"seed_episodes": "10", "pretrain_updates": "1000", "updates_per_episode": "200"},
			"small batches: planning with a model that does not yet see the limbs teaches it nothing new"},
		{[]string{"class"}, []string{"cheetah-run"}, map[string]string{"reward_scale": "100"},
			"the rewards of a cheetah that hardly moves yet are small beside the images"},
		{small, []string{"dmc"}, map[string]string{"horizon": "12", "replan": "1"},
			"PlaNet plans 12 steps at every step"},
		{small, []string{"cartpole-swingup", "cartpole-balance"}, map[string]string{"repeat": "8"},
			"PlaNet's action repeat: a plan then reaches 96 steps of the simulator"},
		{small, []string{"reacher-easy", "cheetah-run", "cup-catch"}, map[string]string{"repeat": "4"},
			"PlaNet's action repeat"},
		{[]string{"paper"}, []string{"sparse-manipulation"}, map[string]string{"updates_per_episode": "15"},
			"LatCo makes 15 updates an episode of 150 frames"},
		{[]string{"paper"}, []string{"reach", "button-press", "window-close", "drawer-close", "push"}, map[string]string{"seed_episodes": "33"},
			"LatCo begins with 5000 random frames"},
	}
}

// prescribed are the values that a preset takes on a task.
func prescribed(preset, name, group string) map[string]string {
	values := map[string]string{}
	for _, r := range Recipes() {
		if slices.Contains(r.Presets, preset) && (slices.Contains(r.Tasks, name) || slices.Contains(r.Tasks, group)) {
			maps.Copy(values, r.Values)
		}
	}
	return values
}

func recipeFor(preset string, task sim.Task) map[string]string {
	return prescribed(preset, task.Name, task.Group)
}

// agreed are the values that several recipes have in common: a run has one model and
// one trainer.
func agreed(recipes []map[string]string) map[string]string {
	values := map[string]string{}
	if len(recipes) > 0 {
		maps.Copy(values, recipes[0])
	}
	for _, r := range recipes {
		maps.DeleteFunc(values, func(key, text string) bool { return r[key] != text })
	}
	return values
}

// fill sets fields of model and trainer to the values that recipes agree on.
func fill(fields []setting.Field, recipes []map[string]string) error {
	values, _ := splitRecipe(agreed(recipes))
	for key, text := range values {
		if err := setting.Set(fields, key, text); err != nil {
			return err
		}
	}
	return nil
}

// splitRecipe parts values into those of model and trainer, which a run has once,
// and those of task and planner.
func splitRecipe(values map[string]string) (run, each map[string]string) {
	run, each = map[string]string{}, map[string]string{}
	fields := append(new(rssm.Config).Fields(), new(learning.Settings).Fields()...)
	for key, text := range values {
		if has(fields, key) {
			run[key] = text
		} else {
			each[key] = text
		}
	}
	return run, each
}
