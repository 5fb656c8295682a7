package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device"
)

// selfTest is one run of latco selftest on a device.
type selfTest struct {
	dev    device.Device
	out    io.Writer // the report
	steps  int       // of training, beside the reference
	failed []string  // what did not pass
}

// runSelftest checks a device where it is: every kernel against the reference, a
// training beside the CPU's, its speed. The report is a file to send in.
func runSelftest(ctx context.Context, c *call) error {
	fs := c.flags()
	kind := addDevice(fs)
	steps := fs.Int("steps", 1000, "gradient `steps` to train beside the CPU; 0 none")
	speed := fs.Bool("bench", true, "measure the device's speed")
	out := fs.String("out", "latco-selftest.txt", "report `file` to send in")
	if err := c.parse(fs); err != nil {
		return err
	}
	if *steps < 0 {
		return usagef("-steps %d: at least 0", *steps)
	}
	dev, err := engine.OpenDevice(*kind, 0)
	if err != nil {
		return err
	}
	var report bytes.Buffer
	t := &selfTest{dev: dev, steps: *steps, out: io.MultiWriter(c.out, &report)}
	if err := printFacts(t.out, append(c.known(), fact{"device", dev.Name()})); err != nil {
		return errors.Join(err, dev.Close())
	}
	began := time.Now()
	err = t.run(ctx, *speed)
	fmt.Fprintf(t.out, "\nTook %.0f s.\n", time.Since(began).Seconds())
	if err := errors.Join(err, dev.Close()); err != nil {
		return err
	}
	if err := os.WriteFile(*out, report.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	fmt.Fprintf(c.err, "latco: selftest: the report is in %s\n", *out)
	if len(t.failed) > 0 {
		return fmt.Errorf("%s failed: %v", dev.Name(), t.failed)
	}
	return nil
}

func (t *selfTest) run(ctx context.Context, speed bool) error {
	t.section("Kernels against the reference")
	t.verdict("kernels", t.suite())
	if t.steps > 0 {
		t.section(fmt.Sprintf("Training beside the CPU, %d steps", t.steps))
		ok, err := t.curve(ctx)
		if err != nil {
			return err
		}
		t.verdict("training", ok)
	}
	if !speed {
		return nil
	}
	t.section("Speed")
	return t.speed(ctx)
}

func (t *selfTest) section(title string) { fmt.Fprintf(t.out, "\n%s\n", title) }

func (t *selfTest) verdict(what string, ok bool) {
	if !ok {
		t.failed = append(t.failed, what)
		fmt.Fprintf(t.out, "FAILED: %s\n", what)
		return
	}
	fmt.Fprintf(t.out, "passed: %s\n", what)
}
