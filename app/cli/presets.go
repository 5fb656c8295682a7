package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/resources/setting"
)

// presetEntry is a preset with every value of its model and trainer.
type presetEntry struct {
	Name     string            `json:"name"`
	Model    map[string]string `json:"model"`
	Training map[string]string `json:"training"`
	Recipes  []engine.Recipe   `json:"recipes"`
}

func runPresets(_ context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	entries, err := presetEntries()
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, entries)
	}
	tw := table(c.out)
	title, rows := "key", []string{}
	for i, e := range entries {
		title += "\t" + e.Name
		for _, values := range []map[string]string{e.Model, e.Training} {
			for _, key := range sortedKeys(values) {
				if i == 0 && !slices.Contains(rows, key) { // updates is a key of both
					rows = append(rows, key)
				}
			}
		}
	}
	fmt.Fprintln(tw, title)
	for _, key := range rows {
		line := key
		for _, e := range entries {
			value, ok := e.Model[key]
			if !ok {
				value = e.Training[key]
			}
			line += "\t" + value
		}
		fmt.Fprintln(tw, line)
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.out, "\nFor some tasks, unless -set or a data set says otherwise:")
	for _, r := range engine.Recipes() {
		fmt.Fprintf(c.out, "  %s on %s: %s (%s)\n", strings.Join(r.Presets, ", "), strings.Join(r.Tasks, ", "), settingsText(r.Values), r.Why)
	}
	return nil
}

func presetEntries() ([]presetEntry, error) {
	var entries []presetEntry
	for _, name := range engine.Presets() {
		cfg, err := rssm.Preset(name)
		if err != nil {
			return nil, err
		}
		training := learning.PresetSettings(name)
		e := presetEntry{Name: name, Model: setting.Map(cfg.Fields()), Training: setting.Map(training.Fields()), Recipes: []engine.Recipe{}}
		for _, r := range engine.Recipes() {
			if slices.Contains(r.Presets, name) {
				e.Recipes = append(e.Recipes, r)
			}
		}
		entries = append(entries, e)
	}
	return entries, nil
}

func settingsText(values map[string]string) string {
	var parts []string
	for _, key := range sortedKeys(values) {
		parts = append(parts, key+"="+values[key])
	}
	return strings.Join(parts, " ")
}
