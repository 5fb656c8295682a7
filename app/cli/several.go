package cli

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources"
)

// taskList is a flag of one or several tasks: with commas between, or repeated.
type taskList struct {
	names []string
	given bool
}

func (l *taskList) String() string { return strings.Join(l.names, ",") }

func (l *taskList) Set(text string) error {
	if !l.given {
		l.names, l.given = nil, true
	}
	for _, name := range strings.Split(text, ",") {
		switch name = strings.TrimSpace(name); {
		case name == "":
			return fmt.Errorf("want task names with commas between, not %q", text)
		case slices.Contains(l.names, name):
			return fmt.Errorf("task %s is there twice", name)
		}
		l.names = append(l.names, name)
	}
	return nil
}

// addSeveralFlags is addJobFlags for jobs that take several tasks.
func addSeveralFlags(fs *flag.FlagSet, help string) (jobFlags, *taskList) {
	j, tasks := jobFlags{set: pairs{}}, &taskList{names: []string{"lottery"}}
	fs.Var(tasks, "task", help)
	j.seed = fs.Int64("seed", 0, "`seed` of every random number")
	fs.Var(j.set, "set", "`key=value` of the planner, schedule or task; TASK.key=value of one of several tasks; may be repeated")
	return j, tasks
}

// severalResults is the JSON document of latco eval on several tasks.
type severalResults struct {
	Model   string               `json:"model"`
	Results []*engine.EvalResult `json:"results"` // in the order of the tasks
}

// evaluateAll evaluates on each task in turn. Without tasks given they are those of
// the model.
func (c *call) evaluateAll(ctx context.Context, o engine.EvalOptions, tasks *taskList, keep, asJSON bool) error {
	if !tasks.given && o.Model != "" {
		names, err := engine.TasksOf(resources.Models(), o.Model)
		if err != nil {
			return err
		}
		tasks.names = names
	}
	settings, err := engine.ShareSettings(o.Parts, tasks.names, o.Planner, o.Settings)
	if err != nil {
		return err
	}
	all := severalResults{Model: o.Model}
	for i, name := range tasks.names {
		o.Task, o.Settings = name, settings[i]
		p := newProgress(c, name+" episodes")
		if len(tasks.names) == 1 {
			p = newProgress(c, "episodes")
		}
		o.Computing = p.computing(o.Device)
		res, err := engine.Evaluate(ctx, o, p.report)
		p.done()
		if err != nil {
			return err
		}
		if keep {
			if err := record(o.Model, c.typed(), res); err != nil {
				return err
			}
		}
		all.Results = append(all.Results, res)
		if !asJSON {
			if err := c.printEvaluation(res); err != nil {
				return err
			}
		}
	}
	switch {
	case asJSON && len(all.Results) == 1:
		return printJSON(c.out, all.Results[0])
	case asJSON:
		return printJSON(c.out, all)
	}
	return nil
}

func (c *call) printEvaluation(res *engine.EvalResult) error {
	fmt.Fprintf(c.out, "%s on %s with model %s (%s), %d episodes in %.0f s\n",
		res.Planner, res.Task, res.Model, res.Device, len(res.Episodes), res.WallS)
	fmt.Fprintf(c.out, "success %.1f %% (95 %% interval %.1f to %.1f)\n",
		100*res.SuccessRate, 100*res.SuccessCI95[0], 100*res.SuccessCI95[1])
	fmt.Fprintf(c.out, "%s return %.2f ± %.2f (standard error), median plan %.0f ms\n",
		res.Reward, res.ReturnMean, res.ReturnStderr, res.PlanMSMedian)
	tw := table(c.out)
	for _, name := range sortedKeys(res.Outcomes) {
		fmt.Fprintf(tw, "outcome %s\t%d\n", orNone(name), res.Outcomes[name])
	}
	return tw.Flush()
}
