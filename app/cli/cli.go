// Package cli has the sub-commands of latco: what the window does, without it.
// Results go to stdout, progress to stderr; exit codes are 0 done, 1 failed,
// 2 bad usage, 130 interrupted.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources/setting"
)

// Build identifies the binary.
type Build struct{ Version, Commit string }

// command is one sub-command. run parses its own flags.
type command struct {
	name    string
	summary string
	example string
	run     func(ctx context.Context, c *call) error
}

func commands() []command {
	return []command{
		{"tasks", "list every task", "latco tasks -json", runTasks},
		{"planners", "list every planner and its settings", "latco planners -json", runPlanners},
		{"models", "list bundled and local models", "latco models", runModels},
		{"rollout", "step a task and print every control step", "latco rollout -task lottery -policy scripted -json", runRollout},
		{"render", "draw one frame to a PNG file", "latco render -task lottery -size 640x480 -camera free -out lottery.png", runRender},
		{"collect", "make an offline data set of episodes", "latco collect -task lottery -policy mixed -episodes 300 -out data/lottery", runCollect},
		{"data", "list data sets; check one, list, export or delete its episodes", "latco data -in data/lottery -export 3,7-9 -format gif -out pictures", runData},
		{"score", "success and return of a policy that needs no model", "latco score -task lottery -policy scripted -episodes 100 -json", runScore},
		{"presets", "list every preset of a world model, and what it changes for which task", "latco presets -json", runPresets},
		{"train", "train a world model", "latco train -task lottery -preset class -data data/lottery -frames 0 -out runs/lottery", runTrain},
		{"quality", "what models have learned, against episodes they have not seen", "latco quality -model runs/lottery -data data/lottery-held", runQuality},
		{"eval", "closed-loop evaluation of a planner", "latco eval -task lottery -planner gaussian-latco -episodes 100 -json", runEval},
		{"runs", "list, compare, rename and delete training runs", "latco runs -compare first,second", runRuns},
		{"plan", "make one plan and its pictures", "latco plan -task lottery -planner latco -out plan", runPlan},
		{"pack", "turn a run into a model file to hand on", "latco pack -model runs/lottery -half -out lottery.latco", runPack},
		{"bench", "the project's own measurements", "latco bench -run plan/ -json", runBench},
		{"selftest", "check a GPU: kernels, training, speed, in a report to send in", "latco selftest -device cuda", runSelftest},
		{"version", "what to paste into a bug report", "latco version", runVersion},
	}
}

// call is one invocation of a command.
type call struct {
	cmd    command
	args   []string
	out    io.Writer
	err    io.Writer
	build  Build
	stderr *os.File // err if it is a file, for the progress bar
	told   string   // where a job computes, as it was said
}

// usageError makes the exit code 2.
type usageError struct{ msg string }

func (e usageError) Error() string { return e.msg }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// Main runs the sub-command args[0] and returns the exit code.
func Main(args []string, out, errs io.Writer, build Build) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	name := args[0]
	switch name {
	case "help", "-h", "-help", "--help":
		printHelp(out)
		return 0
	}
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		c := &call{cmd: cmd, args: args[1:], out: out, err: errs, build: build}
		c.stderr, _ = errs.(*os.File)
		return exitCode(ctx, errs, name, cmd.run(ctx, c))
	}
	fmt.Fprintf(errs, "latco: %s: no such command; latco help lists them\n", name)
	return 2
}

func exitCode(ctx context.Context, errs io.Writer, name string, err error) int {
	var usage usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "latco: %s: %s; latco %s -h shows how\n", name, oneLine(err), name)
		return 2
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		text := "interrupted"
		if errors.Is(err, learning.ErrDiskFull) { // else there is nothing to add
			text += ": " + oneLine(err)
		}
		fmt.Fprintf(errs, "latco: %s: %s\n", name, text)
		return 130
	}
	fmt.Fprintf(errs, "latco: %s: %s\n", name, oneLine(err))
	return 1
}

func oneLine(err error) string {
	return strings.Join(strings.Fields(err.Error()), " ")
}

func printHelp(w io.Writer) {
	fmt.Fprint(w, "latco opens the window. Without a window:\n\n")
	for _, c := range commands() {
		fmt.Fprintf(w, "  latco %-9s %s\n", c.name, c.summary)
	}
	fmt.Fprint(w, "\nlatco COMMAND -h describes a command's flags. User data live under\n"+
		"$LATCO_HOME, else the XDG data folder.\n")
}

// flags starts a command's flag set; parse finishes it.
func (c *call) flags() *flag.FlagSet {
	fs := flag.NewFlagSet(c.cmd.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	fs.Usage = func() {}
	return fs
}

// typed is the command line as a manifest keeps it.
func (c *call) typed() string {
	return strings.Join(append([]string{"latco", c.cmd.name}, c.args...), " ")
}

// parse reads the flags. -h prints help to stdout and returns flag.ErrHelp.
func (c *call) parse(fs *flag.FlagSet) error {
	err := fs.Parse(c.args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(c.out, "latco %s: %s\n\nExample: %s\n\nFlags:\n", c.cmd.name, c.cmd.summary, c.cmd.example)
		fs.SetOutput(c.out)
		fs.PrintDefaults()
		return err
	}
	if err != nil {
		return usageError{err.Error()}
	}
	if fs.NArg() > 0 {
		return usagef("unexpected argument %q", fs.Arg(0))
	}
	return nil
}

// pairs collects repeated -set key=value flags.
type pairs map[string]string

func (p pairs) String() string { return "" }

func (p pairs) Set(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok || key == "" {
		return fmt.Errorf("want key=value, not %q", text)
	}
	p[key] = value
	return nil
}

// apply sets every pair in the fields.
func apply(fields []setting.Field, set map[string]string) error {
	for _, key := range sortedKeys(set) {
		if err := setting.Set(fields, key, set[key]); err != nil {
			return err
		}
	}
	return nil
}
