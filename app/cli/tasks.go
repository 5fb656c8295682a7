package cli

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/latco-studio/latco/app/engine"
)

type taskJSON struct {
	Name         string `json:"name"`
	Title        string `json:"title"`
	Group        string `json:"group"`
	Summary      string `json:"summary"`
	ActionDim    int    `json:"action_dim"`
	ObsDim       int    `json:"obs_dim"`
	Horizon      int    `json:"horizon"`
	Replan       int    `json:"replan"`
	EpisodeSteps int    `json:"episode_steps"`
	ActionRepeat int    `json:"action_repeat"`
	Success      string `json:"success"`
	HasScript    bool   `json:"has_script"`
}

func runTasks(_ context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	parts, err := engine.Real()
	if err != nil {
		return err
	}
	list := []taskJSON{}
	for _, t := range parts.Tasks {
		list = append(list, taskJSON{t.Name, t.Title, t.Group, t.Summary, t.ActionDim, t.ObsDim, t.Horizon,
			t.Replan, t.EpisodeSteps, t.ActionRepeat, t.Success, t.Scripted != nil})
	}
	if *asJSON {
		return printJSON(c.out, list)
	}
	tw := table(c.out)
	for _, t := range list {
		fmt.Fprintf(tw, "%s\t%s\t%d actions, H %d, replan %d, %d steps\t%s\n",
			t.Name, t.Group, t.ActionDim, t.Horizon, t.Replan, t.EpisodeSteps, t.Summary)
	}
	return tw.Flush()
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
