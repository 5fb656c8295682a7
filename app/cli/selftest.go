package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
)

// selfTest is one run of latco selftest on a device.
type selfTest struct {
	dev   device.Device
	cards func(cuda.Options) (device.Device, error) // opens the card in other ways; nil on a CPU
	out   io.Writer                                 // the report
	steps int                                       // of training, beside the reference
	rest  budget
}

// stages are what is tested, with the share of the time that each may take of
// what is left to it and those after it.
func (t *selfTest) stages() []stage {
	return []stage{
		{"kernels", "Kernels against the reference", 6, t.suite},
		{"products", "Products: own kernels, cuBLAS, tensor cores", 1, t.products},
		{"graphs", "Steps as graphs and kernel by kernel", 1, t.graphs},
		{"planners", "Planners on the device and on the CPU", 3, t.planners},
		{"training", fmt.Sprintf("Training beside the CPU, %d steps", t.steps), 6, t.training},
		{"speed", "Speed", 3, t.speed},
	}
}

// runSelftest checks a device where it is: every kernel against the reference, a
// training beside the CPU's, its speed. The report is a file to send in.
func runSelftest(ctx context.Context, c *call) error {
	fs := c.flags()
	kind := addDevice(fs)
	steps := fs.Int("steps", 1000, "gradient `steps` to train beside the CPU; 0 none")
	speed := fs.Bool("bench", true, "measure the device's speed")
	limit := fs.Duration("budget", 2*time.Minute, "`time` that all may take, compiling the kernels for the card included; what does not fit is left out, and said; 0 is no limit")
	only := fs.String("stages", "", "only these `stages`, such as kernels,products; of kernels, products, graphs, planners, training, speed; under compute-sanitizer kernels,products without it")
	tools := fs.String("sanitize", "", "run the kernels under `tools` of compute-sanitizer instead, such as memcheck,racecheck,synccheck, or all")
	out := fs.String("out", "latco-selftest.txt", "report `file` to send in")
	if err := c.parse(fs); err != nil {
		return err
	}
	if *steps < 0 {
		return usagef("-steps %d: at least 0", *steps)
	}
	if *limit < 0 {
		return usagef("-budget %v: at least 0", *limit)
	}
	if err := mayWrite(*out); err != nil {
		return err
	}
	report := &report{screen: c.out}
	if *tools != "" {
		run, err := newSanitation(*kind, *tools, *only)
		if err != nil {
			return err
		}
		return errors.Join(run.do(ctx, c, report), report.save(*out, c.err))
	}
	t := &selfTest{steps: *steps, out: report, rest: budget{limit: *limit, overrun: time.Minute}}
	chosen, err := chooseStages(t.stages(), *only)
	if err != nil {
		return err
	}
	chosen = slices.DeleteFunc(chosen, func(s stage) bool { return s.name == "speed" && !*speed || s.name == "training" && *steps == 0 })
	if len(chosen) == 0 {
		return usagef("-stages %s: nothing is left to test", *only)
	}
	if err := t.open(*kind); err != nil {
		return err
	}
	if err := printFacts(report, append(c.known(), fact{"device", t.dev.Name()}, fact{"budget", limit.String()})); err != nil {
		return errors.Join(err, t.dev.Close())
	}
	failed := t.run(ctx, chosen)
	return errors.Join(failed, report.save(*out, c.err))
}

// open opens the device, and finds out whether it is a card.
func (t *selfTest) open(kind string) (err error) {
	t.rest.begin()
	if t.dev, err = engine.OpenDevice(kind, 0); err != nil {
		return err
	}
	if _, ok := t.dev.(interface{ Info() cuda.Info }); ok {
		t.cards = cuda.New
	}
	return nil
}

// run goes through the stages and closes the device. Should the device never come
// back from one, run does nevertheless.
func (t *selfTest) run(ctx context.Context, chosen []stage) error {
	ended := make(chan error, 1)
	var results results
	go func() {
		err := t.pass(ctx, chosen, &results)
		ended <- errors.Join(err, t.dev.Close())
	}()
	var err error
	select {
	case err = <-ended:
	case <-t.rest.overdue():
		err = fmt.Errorf("stage %s has not come back for %v beyond its time: the device hangs, or is far too slow", results.present(), t.rest.overrun)
		fmt.Fprintf(t.out, "FAILED: %v\n", err)
	}
	results.print(t.out, t.rest.used())
	if failed := results.failed(); err == nil && len(failed) > 0 {
		err = fmt.Errorf("%s failed: %s", t.dev.Name(), strings.Join(failed, ", "))
	}
	return err
}

// pass runs every stage in its time.
func (t *selfTest) pass(ctx context.Context, chosen []stage, r *results) error {
	for i, s := range chosen {
		if err := ctx.Err(); err != nil {
			return err
		}
		r.begin(s.name)
		within, cancel := t.rest.give(ctx, chosen[i:])
		fmt.Fprintf(t.out, "\n%s\n", s.title)
		v, err := s.run(within)
		cancel()
		if err != nil && ctx.Err() == nil {
			fmt.Fprintf(t.out, "FAILED: %s: %v\n", s.name, err)
			v, err = verdict{failed: true}, nil
		}
		if err != nil {
			return err
		}
		v.print(t.out, s.name)
		r.end(s.name, v)
		if lost := t.dev.Sync(); lost != nil {
			return fmt.Errorf("after stage %s: %w", s.name, lost)
		}
	}
	return nil
}

// with runs f on the card opened in another way.
func (t *selfTest) with(o cuda.Options, f func(device.Device) error) (err error) {
	dev, err := t.cards(o)
	if err != nil {
		return fmt.Errorf("opening the card anew: %w", err)
	}
	defer func() { err = errors.Join(err, dev.Close()) }()
	return f(dev)
}

// hostDevice is the CPU.
func hostDevice() (device.Device, error) { return engine.OpenDevice(engine.DeviceCPU, 0) }
