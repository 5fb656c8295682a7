package cli

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/latco-studio/latco/app/engine"
)

func runRollout(ctx context.Context, c *call) error {
	fs := c.flags()
	j := addJobFlags(fs)
	scene := addScene(fs)
	o := engine.RolloutOptions{Notice: c.notice}
	fs.StringVar(&o.Policy, "policy", "zero", "zero, random, scripted or mixed")
	policySet := addPolicySet(fs)
	actions := fs.String("actions", "", "CSV `file`, one action a line, used instead of the policy")
	qpos := fs.String("qpos", "", "exact start `positions`, comma separated")
	qvel := fs.String("qvel", "", "exact start `velocities`, comma separated")
	fs.IntVar(&o.Steps, "steps", 0, "control `steps`; 0 is the whole episode")
	fs.Bool("json", true, "print JSON Lines (the only format)")
	if err := c.parse(fs); err != nil {
		return err
	}
	var err error
	if o.QPos, err = numbers("qpos", *qpos); err != nil {
		return err
	}
	if o.QVel, err = numbers("qvel", *qvel); err != nil {
		return err
	}
	if *actions != "" {
		if o.Actions, err = readActions(*actions); err != nil {
			return err
		}
	}
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	o.PolicySettings = policySet
	if o.Task, err = choose(&o.Parts, *j.task, *scene); err != nil {
		return err
	}
	o.Settings, o.Seed = j.set, *j.seed
	enc := json.NewEncoder(c.out)
	return engine.Rollout(ctx, o, func(s engine.RolloutStep) error { return enc.Encode(s) })
}

// numbers parses a comma separated list; "" is nil.
func numbers(flag, text string) ([]float64, error) {
	if text == "" {
		return nil, nil
	}
	var out []float64
	for _, part := range strings.Split(text, ",") {
		x, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, usagef("-%s: %q is not a number", flag, part)
		}
		out = append(out, x)
	}
	return out, nil
}

func readActions(path string) ([][]float64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	actions, err := parseActions(f)
	if err != nil {
		return nil, fmt.Errorf("reading actions from %s: %w", path, err)
	}
	return actions, nil
}

// parseActions reads one action a line, its components separated by commas. Lines
// that begin with # and empty lines are left out. Errors name the line.
func parseActions(r io.Reader) ([][]float64, error) {
	lines := csv.NewReader(r)
	lines.Comment, lines.TrimLeadingSpace, lines.ReuseRecord = '#', true, true
	lines.FieldsPerRecord = -1
	var actions [][]float64
	for {
		cells, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err // names the line
		}
		line, _ := lines.FieldPos(0)
		if n := len(actions); n > 0 && len(cells) != len(actions[0]) {
			return nil, fmt.Errorf("line %d: %d numbers, the first action has %d", line, len(cells), len(actions[0]))
		}
		action := make([]float64, len(cells))
		for k, cell := range cells {
			x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf("line %d, column %d: %q is not a finite number", line, k+1, cell)
			}
			action[k] = x
		}
		actions = append(actions, action)
	}
	if len(actions) == 0 {
		return nil, errors.New("no actions in it")
	}
	return actions, nil
}

func runRender(ctx context.Context, c *call) error {
	fs := c.flags()
	j := addJobFlags(fs)
	scene := addScene(fs)
	o := engine.RenderOptions{Notice: c.notice}
	size := fs.String("size", "64x64", "`WxH` in pixels")
	fs.StringVar(&o.Camera, "camera", "task", "task (what the model sees) or free (where the window starts)")
	qpos := fs.String("qpos", "", "exact `positions`, comma separated")
	out := fs.String("out", "", "PNG `file` (required)")
	if err := c.parse(fs); err != nil {
		return err
	}
	if *out == "" {
		return usagef("-out is required")
	}
	if _, err := fmt.Sscanf(*size, "%dx%d", &o.Width, &o.Height); err != nil || o.Width < 1 || o.Height < 1 || o.Width > 8192 || o.Height > 8192 {
		return usagef("-size %q: want WxH, 1 to 8192 pixels", *size)
	}
	var err error
	if o.QPos, err = numbers("qpos", *qpos); err != nil {
		return err
	}
	if o.Parts, err = engine.Real(); err != nil {
		return err
	}
	if o.Task, err = choose(&o.Parts, *j.task, *scene); err != nil {
		return err
	}
	o.Settings, o.Seed = j.set, *j.seed
	im, err := engine.RenderOne(ctx, o)
	if err != nil {
		return err
	}
	return writePNG(*out, im)
}
