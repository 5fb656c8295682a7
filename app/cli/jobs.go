package cli

import (
	"cmp"
	"context"
	"flag"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// jobFlags are the flags that several jobs share.
type jobFlags struct {
	task *string
	seed *int64
	set  pairs
}

func addJobFlags(fs *flag.FlagSet) jobFlags {
	j := jobFlags{set: pairs{}}
	j.task = fs.String("task", "lottery", "task `name` (latco tasks)")
	j.seed = fs.Int64("seed", 0, "`seed` of every random number")
	fs.Var(j.set, "set", "`key=value` of the planner, schedule or task; may be repeated")
	return j
}

func addDevice(fs *flag.FlagSet) *string {
	return fs.String("device", "auto", "where computing happens: auto, cpu, cuda or cuda-tf32 (faster products, three digits)")
}

func runTrain(ctx context.Context, c *call) error {
	fs := c.flags()
	j, tasks := addSeveralFlags(fs, "task `name` (latco tasks), or several with commas between: one model learns them all, with episodes of each in turn")
	o := engine.TrainOptions{Command: c.typed(), Version: c.build.Commit}
	fs.StringVar(&o.Kind, "kind", "rssm", "kind of model: rssm")
	fs.StringVar(&o.Preset, "preset", "", "size and hyper-parameters (latco presets); without it class, or what a resumed run began with")
	fs.Var((*names)(&o.Sets), "data", "`folder` of episodes from latco collect, repeated for several tasks; without it a set is collected first")
	fs.StringVar(&o.Planner, "planner", "", "planner that collects and evaluates; without it cem, or what a resumed run began with")
	fs.IntVar(&o.Updates, "updates", 0, "gradient `steps`; 0 is the preset's number")
	fs.IntVar(&o.Frames, "frames", 0, "environment `frames` to collect online; 0 trains offline only")
	fs.BoolVar(&o.Resume, "resume", false, "continue from the last checkpoint in -out")
	fs.IntVar(&o.Threads, "threads", 0, "`threads` to compute with; 0 is every core")
	fs.StringVar(&o.Out, "out", "", "run `folder` (required)")
	device := addDevice(fs)
	fs.StringVar(&o.OnDeviceFailure, "on-device-failure", engine.DeviceFailureStop, "when the GPU has no room or is lost: stop, or go on from the last checkpoint on the cpu")
	if err := c.parse(fs); err != nil {
		return err
	}
	if o.Out == "" {
		return usagef("-out is required")
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	if o.Seed, o.Device = *j.seed, *device; tasks.given || !o.Resume {
		o.Tasks = tasks.names
	}
	if o.Fields, o.Settings, err = splitTraining(o.Preset, j.set); err != nil {
		return err
	}
	p := newProgress(c, "updates")
	defer p.done()
	o.Computing = p.computing(o.Device)
	o.Warn = func(err error) { p.warn("latco: train: " + oneLine(err)) }
	return engine.Train(ctx, o, p.report)
}

func runEval(ctx context.Context, c *call) error {
	fs := c.flags()
	j, tasks := addSeveralFlags(fs, "task `name` (latco tasks), or several with commas between; without it those of the model")
	o := engine.EvalOptions{}
	fs.StringVar(&o.Planner, "planner", "latco", "planner `name` (latco planners)")
	fs.StringVar(&o.Model, "model", "", "model `name or file`; without it the bundled model of the task. Its task, horizon and replan are set as in its training, unless -set says otherwise")
	fs.IntVar(&o.Episodes, "episodes", 10, "`number` of episodes")
	fs.IntVar(&o.Workers, "workers", 0, "episodes at a time, 0 is 2; the result does not depend on it")
	device := addDevice(fs)
	keep := fs.Bool("record", false, "write the result into the manifest of the model file")
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	if *keep && o.Model == "" {
		return usagef("-record needs -model FILE")
	}
	if o.Episodes < 1 {
		return usagef("-episodes %d: at least 1", o.Episodes)
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.Settings, o.Seed, o.Device = j.set, *j.seed, *device
	return c.evaluateAll(ctx, o, tasks, *keep, *asJSON)
}

// splitTraining parts -set into overrides of the preset and the trainer, and
// settings of the collecting planner and the task.
func splitTraining(preset string, set pairs) (model, rest map[string]string, err error) {
	cfg, err := rssm.Preset(cmp.Or(preset, engine.Presets()[0]))
	if err != nil {
		return nil, nil, err
	}
	trainer := learning.DefaultSettings()
	known := map[string]bool{}
	for _, f := range append(cfg.Fields(), trainer.Fields()...) {
		known[f.Key] = true
	}
	model, rest = map[string]string{}, map[string]string{}
	for key, text := range set {
		if known[key] {
			model[key] = text
		} else {
			rest[key] = text
		}
	}
	return model, rest, nil
}

func orNone(name string) string {
	if name == "" {
		return "none"
	}
	return name
}
