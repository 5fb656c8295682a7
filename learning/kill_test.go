package learning

import (
	"bufio"
	"errors"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"testing"
)

// killFolder in the environment makes TestTrainingProcess a training process that
// says a line whenever it gets on.
const killFolder = "LATCO_TEST_TRAIN_IN"

// killSeveral makes it one of several tasks.
const killSeveral = "LATCO_TEST_TRAIN_SEVERAL"

// TestTrainingProcess is that process.
func TestTrainingProcess(t *testing.T) {
	dir := os.Getenv(killFolder)
	if dir == "" {
		t.Skip("runs only as the process that TestKilledAtRandomMoments kills")
	}
	opts := killedRun(t, dir, os.Getenv(killSeveral) != "")
	opts.Progress = func(p Progress) {
		if p.Status != Loading {
			fmt.Println()
		}
	}
	if _, _, err := LoadRun(dir); err == nil {
		opts.Resume = true
	} else if !errors.Is(err, ErrNoRun) {
		t.Fatal(err)
	}
	runToEnd(t, opts)
}

func killedRun(t testing.TB, dir string, several bool) TrainerOptions {
	opts := fakeRun(t, dir)
	if several {
		opts = severalRun(t, dir)
	}
	opts.Settings.Updates, opts.Settings.Frames = 100_000, 1600 // more than there is time for
	opts.Settings.CheckpointSeconds = 0.005                     // so that some updates are done again
	opts.Settings.EvalFrames, opts.Settings.EvalUpdates, opts.Settings.EvalEpisodes = 120, 30, 2
	return opts
}

// Killed with SIGKILL at random moments, many of them in the middle of writing,
// a run resumes every time and ends bit for bit where it would have ended.
func TestKilledAtRandomMoments(t *testing.T) { killAndCompare(t, 40, false) }

// So does one that learns several tasks.
func TestSeveralKilledAtRandomMoments(t *testing.T) { killAndCompare(t, 10, true) }

func killAndCompare(t *testing.T, times int, several bool) {
	killed := killedRun(t, filepath.Join(t.TempDir(), "killed"), several)
	rng := rand.New(rand.NewSource(1))
	for range times {
		liveUntilKilled(t, killed.Out, 1+rng.Intn(15), rng.Intn(2_000_000), several)
	}
	_, at, err := LoadRun(killed.Out)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("killed %d times in %d updates", times, at.Updates)
	killed.Resume, killed.Settings.Updates = true, at.Updates+10
	runToEnd(t, killed)

	whole := killedRun(t, filepath.Join(t.TempDir(), "whole"), several)
	whole.Settings.Updates = killed.Settings.Updates
	runToEnd(t, whole)
	if !reflect.DeepEqual(result(t, killed.Out), result(t, whole.Out)) {
		t.Error("the killed run ended elsewhere")
	}
}

// liveUntilKilled starts the process and kills it some turns of a spinning loop
// after its n-th line.
func liveUntilKilled(t *testing.T, dir string, n, spin int, several bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestTrainingProcess$")
	cmd.Env = append(os.Environ(), killFolder+"="+dir)
	if several {
		cmd.Env = append(cmd.Env, killSeveral+"=yes")
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	for lines := bufio.NewScanner(out); n > 0 && lines.Scan(); n-- {
		said += lines.Text()
	}
	for i := range spin {
		spun += i
	}
	if n == 0 {
		cmd.Process.Kill()
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the process ended by itself: %v: %s", err, said)
	}
}

// spun keeps the compiler from dropping the spinning loop.
var spun int
