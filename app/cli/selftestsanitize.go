package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// sanitizers are the tools of NVIDIA's compute-sanitizer: accesses outside of
// allocations, races in shared memory, barriers that not all threads reach, reads of
// memory that nobody wrote.
var sanitizers = []string{"memcheck", "racecheck", "synccheck", "initcheck"}

// found is the exit code by which compute-sanitizer says that it found something.
const found = 99

// sanitation runs stages of this program's self-test under compute-sanitizer.
type sanitation struct {
	program, self string
	tools         []string
	kind, stages  string
}

// newSanitation finds all that it takes.
func newSanitation(kind, list, stages string) (s sanitation, err error) {
	s = sanitation{tools: sanitizers, kind: kind, stages: cmp.Or(stages, "kernels,products")}
	if list != "all" {
		s.tools = strings.Split(list, ",")
	}
	for _, t := range s.tools {
		if !slices.Contains(sanitizers, t) {
			return s, usagef("-sanitize: no tool %q; known: %s, all", t, strings.Join(sanitizers, ", "))
		}
	}
	if _, err := chooseStages(new(selfTest).stages(), stages); err != nil {
		return s, err
	}
	if s.program, err = findSanitizer(); err != nil {
		return s, err
	}
	if s.self, err = os.Executable(); err != nil {
		return s, fmt.Errorf("finding this program: %w", err)
	}
	return s, nil
}

// do runs one tool after the other.
func (s sanitation) do(ctx context.Context, c *call, out io.Writer) error {
	if err := printFacts(out, append(c.known(), fact{"sanitizer", s.program})); err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "latco-selftest-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	var failed []string
	for _, tool := range s.tools {
		fmt.Fprintf(out, "\n%s\n", tool)
		cmd := exec.CommandContext(ctx, s.program, "--tool", tool, "--error-exitcode", fmt.Sprint(found), "--print-limit", "20",
			s.self, "selftest", "-device", s.kind, "-stages", s.stages, "-budget", "0", "-out", filepath.Join(scratch, "report.txt"))
		err := relay(cmd, out)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			failed = append(failed, tool)
			fmt.Fprintf(out, "FAILED: %s: %v\n", tool, reading(err))
			continue
		}
		fmt.Fprintf(out, "passed: %s\n", tool)
	}
	if len(failed) > 0 {
		return fmt.Errorf("compute-sanitizer: %s failed", strings.Join(failed, ", "))
	}
	return nil
}

// reading puts the end of a run under compute-sanitizer into words.
func reading(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() == found {
		return errors.New("it found faults, see above")
	}
	return fmt.Errorf("the tests did not pass: %w", err)
}

// relay runs a command and hands on what it prints, line by line.
func relay(cmd *exec.Cmd, out io.Writer) error {
	said, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	cmd.Stderr = cmd.Stdout
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(said)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		fmt.Fprintf(out, "%s\n", lines.Text())
	}
	return errors.Join(lines.Err(), cmd.Wait())
}

// findSanitizer looks for compute-sanitizer where it is installed.
func findSanitizer() (string, error) {
	const name = "compute-sanitizer"
	for _, dir := range []string{os.Getenv("CUDA_HOME"), os.Getenv("CUDA_PATH"), "/usr/local/cuda", "/opt/cuda"} {
		if dir == "" {
			continue
		}
		for _, sub := range []string{"bin", "compute-sanitizer"} {
			if path, err := exec.LookPath(filepath.Join(dir, sub, name)); err == nil {
				return path, nil
			}
		}
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("no %s on the PATH, in CUDA_HOME or in /usr/local/cuda: it is part of NVIDIA's CUDA toolkit (Debian: nvidia-cuda-toolkit; NVIDIA's packages: cuda-sanitizer; pip: nvidia-cuda-sanitizer-api)", name)
}
