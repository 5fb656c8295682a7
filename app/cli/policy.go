package cli

import (
	"context"
	"flag"
	"fmt"

	"github.com/latco-studio/latco/app/engine"
)

func addPolicySet(fs *flag.FlagSet) pairs {
	set := pairs{}
	fs.Var(set, "policy-set", "`key=value` of the policy, such as noise or fail; may be repeated")
	return set
}

func runCollect(ctx context.Context, c *call) error {
	fs := c.flags()
	j := addJobFlags(fs)
	o := engine.CollectOptions{Command: c.typed(), Version: c.build.Commit, Simulator: "MuJoCo " + mujocoInfo()}
	fs.StringVar(&o.Policy, "policy", "", "random, scripted or mixed; without it mixed, or random where a task has no mixed policy")
	policySet := addPolicySet(fs)
	fs.IntVar(&o.Episodes, "episodes", 0, "`number` of episodes in all (required)")
	fs.IntVar(&o.Workers, "workers", 0, "episodes at a time, 0 is every core; the data set does not depend on it")
	fs.StringVar(&o.Out, "out", "", "`folder` of the data set (required); an interrupted collection is continued")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	if o.Episodes < 1 || o.Out == "" {
		return usagef("-episodes (at least 1) and -out are required")
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.Task, o.Settings, o.Seed, o.PolicySettings = *j.task, j.set, *j.seed, policySet
	p := newProgress(c, "episodes")
	res, err := engine.Collect(ctx, o, p.report)
	p.done()
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, res)
	}
	fmt.Fprintf(c.out, "%s: %d episodes of %s under %s, %d of them new, %.1f MB, in %.0f s\n", res.Out, res.Episodes,
		res.Task, res.Policy, res.Episodes-min(res.Resumed, res.Episodes), float64(res.Bytes)/1e6, res.WallS)
	return c.printSuccess(res.SuccessRate, res.SuccessCI95, res.Floor, res.Reward, res.ReturnMean, res.Outcomes)
}

func runScore(ctx context.Context, c *call) error {
	fs := c.flags()
	j := addJobFlags(fs)
	o := engine.ScoreOptions{}
	fs.StringVar(&o.Policy, "policy", "scripted", "zero, random, scripted or mixed")
	policySet := addPolicySet(fs)
	fs.IntVar(&o.Episodes, "episodes", 100, "`number` of episodes")
	fs.IntVar(&o.Workers, "workers", 0, "episodes at a time, 0 is every core; the result does not depend on it")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	if o.Episodes < 1 {
		return usagef("-episodes %d: at least 1", o.Episodes)
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.Task, o.Settings, o.Seed, o.PolicySettings = *j.task, j.set, *j.seed, policySet
	p := newProgress(c, "episodes")
	res, err := engine.Score(ctx, o, p.report)
	p.done()
	if err != nil {
		return err
	}
	if *asJSON {
		return printJSON(c.out, res)
	}
	fmt.Fprintf(c.out, "%s on %s, %d episodes, %.0f control steps a second and worker\n",
		res.Policy, res.Task, len(res.Episodes), res.StepsPerS)
	return c.printSuccess(res.SuccessRate, res.SuccessCI95, res.Floor, res.Reward, res.ReturnMean, res.Outcomes)
}

// printSuccess is what collect and score have in common.
func (c *call) printSuccess(rate float64, ci [2]float64, floor float64, reward string, mean float64, outcomes map[string]int) error {
	fmt.Fprintf(c.out, "success %.1f %% (95 %% interval %.1f to %.1f), solved at reset %.1f %%\n",
		100*rate, 100*ci[0], 100*ci[1], 100*floor)
	fmt.Fprintf(c.out, "%s return %.2f\n", reward, mean)
	tw := table(c.out)
	for _, name := range sortedKeys(outcomes) {
		fmt.Fprintf(tw, "outcome %s\t%d\n", orNone(name), outcomes[name])
	}
	return tw.Flush()
}
