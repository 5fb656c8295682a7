package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"io"
	"os"
	"path/filepath"

	"github.com/latco-studio/latco/app/engine"
)

func runPlan(ctx context.Context, c *call) error {
	fs := c.flags()
	j := addJobFlags(fs)
	o := engine.PlanOptions{}
	fs.StringVar(&o.Planner, "planner", "latco", "planner `name` (latco planners)")
	fs.StringVar(&o.Model, "model", "", "model `name or file`; without it the bundled model of the task. Its task and horizon are set as in its training, unless -set says otherwise")
	out := fs.String("out", "", "`folder` for plan.json, plan.png, model.png, real.png and plan.gif (required)")
	device := addDevice(fs)
	if err := c.parse(fs); err != nil {
		return err
	}
	if *out == "" {
		return usagef("-out is required")
	}
	if err := os.MkdirAll(*out, 0o755); err != nil {
		return err
	}
	var err error
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.Task, o.Settings, o.Seed, o.Device = *j.task, j.set, *j.seed, *device
	p := newProgress(c, "iterations")
	o.Computing = p.computing(o.Device)
	res, err := engine.PlanOnce(ctx, o, p.report)
	p.done()
	if err != nil {
		return err
	}
	if err := writePlan(*out, res); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "%s: predicted return %.3g, obtained %.3g, outcome %s, %d iterations in %.0f ms\n", *out,
		res.PredictedReturn, res.ObtainedReturn, orNone(res.Outcome), len(res.Iterations), res.WallMS)
	return nil
}

func writePlan(dir string, res *engine.PlanResult) error {
	err := writeFile(filepath.Join(dir, "plan.json"), func(w io.Writer) error {
		return json.NewEncoder(w).Encode(res)
	})
	if err != nil {
		return fmt.Errorf("writing plan.json: %w", err)
	}
	pictures := map[string][]*image.RGBA{"plan.png": res.Strip, "model.png": res.ModelStrip, "real.png": res.Real}
	for name, frames := range pictures {
		if err := writePNG(filepath.Join(dir, name), strip(frames, zoom)); err != nil {
			return fmt.Errorf("writing %s: %w", name, err)
		}
	}
	var strips []*image.RGBA
	for _, a := range res.Animation {
		strips = append(strips, strip(a.Frames, 1))
	}
	if err := writeGIF(filepath.Join(dir, "plan.gif"), strips); err != nil {
		return fmt.Errorf("writing plan.gif: %w", err)
	}
	return nil
}
