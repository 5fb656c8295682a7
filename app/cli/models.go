package cli

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources"
)

func runModels(_ context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	home, err := engine.Home()
	if err != nil {
		return err
	}
	// A file that is no model is named, and the others are listed all the same.
	list, broken := engine.ListModels(resources.Models(), home)
	if list == nil {
		list = []engine.ModelEntry{}
	}
	if *asJSON {
		if err := printJSON(c.out, list); err != nil {
			return err
		}
		return broken
	}
	tw := table(c.out)
	fmt.Fprintln(tw, "name\ttask\tkind\tpreset\tupdates\tepisodes\tbytes\tsource")
	for _, m := range list {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%d\t%d\t%d\t%s\n", m.Name, m.Task, m.Kind, m.Preset, m.Updates, m.Episodes, m.Bytes, m.Source)
		for _, e := range m.Eval {
			fmt.Fprintf(tw, "  %s\t%d episodes\tsuccess %.0f %%\treturn %.2f\t%v\n",
				strings.TrimSpace(e.Task+" "+e.Planner), e.Episodes, 100*e.SuccessRate, e.ReturnMean, e.Outcomes)
		}
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	return broken
}

// runPack turns a run or checkpoint into a model file to hand on.
func runPack(_ context.Context, c *call) error {
	fs := c.flags()
	in := fs.String("model", "", "model, checkpoint or run folder `file` (required)")
	name := fs.String("name", "", "`name` of the model; without it that of its task")
	half := fs.Bool("half", false, "store float16: half the size, weights move by at most 2^-11 of themselves")
	out := fs.String("out", "", "model `file` to write (required)")
	if err := c.parse(fs); err != nil {
		return err
	}
	if *in == "" || *out == "" {
		return usagef("-model and -out are required")
	}
	m, err := learning.LoadModel(*in)
	if err != nil {
		return err
	}
	m.Manifest.Name = cmp.Or(*name, m.Manifest.Name, m.Manifest.Task)
	return learning.SaveModel(*out, m, *half)
}

// record adds an evaluation to a model file's manifest, in place of an earlier
// one of the same planner.
func record(path, command string, res *engine.EvalResult) error {
	m, err := learning.LoadModel(path)
	if err != nil {
		return fmt.Errorf("recording the evaluation: %w", err)
	}
	task := "" // said where there are several
	if len(m.Manifest.Tasks) > 0 {
		task = res.Task
	}
	kept := m.Manifest.Eval[:0:0]
	for _, e := range m.Manifest.Eval {
		if e.Planner != res.Planner || e.Task != task {
			kept = append(kept, e)
		}
	}
	m.Manifest.Eval = append(kept, learning.Evaluation{Task: task, Planner: res.Planner, Command: command,
		Episodes: len(res.Episodes), SuccessRate: res.SuccessRate, ReturnMean: res.ReturnMean, Outcomes: res.Outcomes})
	if err := learning.SaveModel(path, m, m.Manifest.Storage == "float16"); err != nil {
		return fmt.Errorf("recording the evaluation: %w", err)
	}
	return nil
}
