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

// TestTrainingProcess is that process.
func TestTrainingProcess(t *testing.T) {
	dir := os.Getenv(killFolder)
	if dir == "" {
		t.Skip("runs only as the process that TestKilledAtRandomMoments kills")
	}
	opts := killedRun(t, dir)
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

func killedRun(t testing.TB, dir string) TrainerOptions {
	opts := fakeRun(t, dir)
	opts.Settings.Updates, opts.Settings.Frames = 150, 1600
	return opts
}

// Killed with SIGKILL at random moments, many of them in the middle of writing,
// a run resumes every time and ends bit for bit where it would have ended.
func TestKilledAtRandomMoments(t *testing.T) {
	whole := killedRun(t, filepath.Join(t.TempDir(), "whole"))
	runToEnd(t, whole)

	dir := filepath.Join(t.TempDir(), "killed")
	rng := rand.New(rand.NewSource(1))
	kills := 0
	for !liveUntilKilled(t, dir, 1+rng.Intn(15), rng.Intn(2_000_000)) {
		if kills++; kills > 500 {
			t.Fatal("the run does not get on")
		}
	}
	t.Logf("killed %d times", kills)
	if kills < 20 {
		t.Errorf("killed only %d times", kills)
	}
	if !reflect.DeepEqual(result(t, dir), result(t, whole.Out)) {
		t.Errorf("after %d kills the run ended elsewhere", kills)
	}
}

// liveUntilKilled starts the process and kills it some turns of a spinning loop
// after its n-th line. It reports whether the run was done before that.
func liveUntilKilled(t *testing.T, dir string, n, spin int) (done bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestTrainingProcess$")
	cmd.Env = append(os.Environ(), killFolder+"="+dir)
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
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		t.Fatalf("the process failed: %v: %s", err, said)
	}
	return err == nil
}

// spun keeps the compiler from dropping the spinning loop.
var spun int
