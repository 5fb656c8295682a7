package ui

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources/setting"
)

// choose takes the values of a preset.
func (t *trainSetup) choose(preset string) {
	clear(t.values)
	t.fill(preset)
}

// learned are the tasks to be learned: a preset has other values on some.
func (t *trainSetup) learned() []engine.TaskInfo {
	if t.task == "" {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(t.tasks()), func(info engine.TaskInfo) bool {
		return info.Name != t.task && !slices.Contains(t.beside, info.Name)
	})
}

// fill shows the values of a preset, over which lies what was changed.
func (t *trainSetup) fill(preset string) {
	model, run, err := engine.TrainingFields(preset, t.learned()...)
	if err != nil {
		return // there is no preset to choose
	}
	t.fields, t.preset0 = nil, map[string]string{}
	for _, f := range t.forms {
		f.fields = nil
	}
	for i, field := range slices.Concat(model, run) {
		ofModel := i < len(model)
		if field.Key == "updates" { // has a line of its own
			continue
		}
		if title := setupTitles[field.Key]; title != "" {
			field.Title = title
		}
		t.preset0[field.Key] = field.String()
		if text, ok := t.values[field.Key]; ok && field.Set(text) != nil {
			delete(t.values, field.Key)
		}
		if field.Key == "frames" && t.values["frames"] == "" {
			_ = field.Set(strconv.Itoa(firstFrames)) // within its range
		}
		t.fields = append(t.fields, field)
		f := t.formOf(field.Key, ofModel)
		f.fields = append(f.fields, field)
	}
	for _, f := range t.forms {
		slices.SortStableFunc(f.fields, func(a, b setting.Field) int { return slices.Index(f.keys, a.Key) - slices.Index(f.keys, b.Key) })
		f.form.show(f.fields)
	}
	t.count()
}

// formOf is the form that has a setting.
func (t *trainSetup) formOf(key string, model bool) *setupForm {
	var rest *setupForm
	for _, f := range t.forms {
		if slices.Contains(f.keys, key) {
			return f
		}
		if f.keys == nil && f.model == model {
			rest = f
		}
	}
	return rest
}

// set changes a setting.
func (t *trainSetup) set(key, value string) {
	t.values[key] = value
	if value == t.preset0[key] && key != "frames" {
		delete(t.values, key)
	}
	t.fill(t.preset.Selected)
}

func (t *trainSetup) count() {
	n := len(t.overrides())
	setText(t.differ, unless(n == 0, fmt.Sprintf("%d of the settings differ from %s", n, t.preset.Selected)))
	setHidden(t.back, n == 0)
}

// overrides are the changed settings that matter.
func (t *trainSetup) overrides() map[string]string {
	values := maps.Clone(t.values)
	delete(values, "frames")
	if t.source.name() != sourceOnline {
		for _, key := range append([]string{"eval_frames"}, onlineKeys...) {
			delete(values, key)
		}
	}
	return values
}

// readUpdates is the number typed, 0 if none, and whether it is one.
func (t *trainSetup) readUpdates() (int, bool) { return t.read(t.updates, 1) }

func (t *trainSetup) readSeed() (int, bool) { return t.read(t.seed, 0) }

func (t *trainSetup) read(e *entry, least int) (int, bool) {
	n, err := 0, error(nil)
	if e.Text != "" {
		n, err = strconv.Atoi(e.Text)
	}
	ok := err == nil && (n >= least || e.Text == "")
	if ok {
		t.reason.set("")
	} else {
		t.reason.set(fmt.Sprintf("%s is not a whole number ≥ %d", quoted(e.Text), least))
	}
	setHidden(t.reason, ok)
	return n, ok
}

// command is what was put together, unless something in it is wrong.
func (t *trainSetup) command() (engine.StartTraining, bool) {
	seed, ok := t.readSeed()
	if !ok {
		return engine.StartTraining{}, false
	}
	updates, ok := t.readUpdates()
	for _, f := range t.forms {
		ok = ok && !f.form.flawed()
	}
	c := engine.StartTraining{Preset: t.preset.Selected, Updates: updates, Seed: int64(seed), Beside: slices.Clone(t.beside), Fields: t.overrides(), Device: t.device.kind()}
	for _, p := range t.planners {
		if p.Title == t.planner.Selected {
			c.Planner = p.Name
		}
	}
	if t.source.name() == sourceOnline {
		c.Fields["frames"] = t.values["frames"]
		if c.Fields["frames"] == "" {
			c.Fields["frames"] = strconv.Itoa(firstFrames)
		}
	} else {
		c.Data = t.sets[t.data.Selected]
	}
	if len(c.Fields) == 0 {
		c.Fields = nil
	}
	return c, ok
}
