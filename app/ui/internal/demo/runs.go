package demo

import (
	"fmt"
	"slices"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// archive obeys what is about runs, with the mutex held.
func (e *Engine) archive(c engine.Command) {
	v := &e.state.Runs
	switch c := c.(type) {
	case engine.ReadRuns:
		if v.Read.IsZero() {
			v.List, v.Read = runs(), time.Unix(1e9, 0)
		}
	case engine.PlotRuns:
		v.Plotted = plotted(v.List, c.Names)
	case engine.NameRun:
		v.List = slices.Clone(v.List)
		for i, r := range v.List {
			if r.Name == c.From {
				renamed := *r
				renamed.Name = c.To
				v.List[i] = &renamed
			}
		}
	case engine.EraseRun:
		v.List = slices.DeleteFunc(slices.Clone(v.List), func(r *learning.RunInfo) bool { return r.Name == c.Name })
	}
}

// runs are one of every state.
func runs() []*learning.RunInfo {
	saved := time.Date(2026, 3, 14, 15, 9, 0, 0, time.UTC)
	run := func(name string, updates, of int) *learning.RunInfo {
		r := &learning.RunInfo{Name: name, Dir: "/runs/" + name, Saved: saved, Bytes: 43e6}
		r.Task, r.Preset, r.Planner, r.Updates, r.Settings.Updates, r.WallS = "lottery", "class", "cem", updates, of, float64(updates)/20
		saved = saved.Add(-5 * time.Hour)
		return r
	}
	list := []*learning.RunInfo{run("lottery-20260314", 840, 2000), run("free nats 3", 2000, 2000), run("without KL", 1200, 2000), run("lottery-old", 300, 2000)}
	list[0].InUse = "/runs/lottery-20260314: in use by process 4711"
	list[1].Evaluation = &learning.Obtained{Updates: 2000, Episodes: 5, ReturnMean: 0.62, SuccessRate: 0.6}
	list[1].Best = &learning.Obtained{Updates: 1600, Episodes: 5, ReturnMean: 0.71, SuccessRate: 0.8}
	list[2].Losses = &learning.LossMetric{Image: 39.6, KL: 0.012}
	list[3].Problem = "checkpoint-000000300.latco: truncated: 9 of 3083172 bytes"
	return list
}

// plotted are runs side by side, each learning at a pace of its own.
func plotted(list []*learning.RunInfo, names []string) *engine.RunComparison {
	if len(names) == 0 {
		return nil
	}
	c := &engine.RunComparison{Curves: map[string][][]engine.Point{}, Differences: []engine.RunDifference{{Key: "free_nats"}, {Key: "seed"}}}
	for i, name := range names {
		at := slices.IndexFunc(list, func(r *learning.RunInfo) bool { return r.Name == name })
		if at < 0 {
			return nil
		}
		c.Runs, c.Lapses = append(c.Runs, list[at]), append(c.Lapses, lapse(list[at].Updates))
		for key, points := range curves(list[at].Updates, 1+0.6*float64(at)) {
			if c.Curves[key] == nil {
				c.Curves[key] = make([][]engine.Point, len(names))
			}
			c.Curves[key][i] = points
		}
		for d := range c.Differences {
			c.Differences[d].Values = append(c.Differences[d].Values, fmt.Sprint(at*(3-2*d)))
		}
	}
	return c
}
