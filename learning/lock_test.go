//go:build unix

package learning

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// While a process trains into a folder no other does, and the error names it; once
// it is killed, the lock file that it leaves claims nothing.
func TestOneProcessTrainsIntoAFolder(t *testing.T) {
	opts := killedRun(t, filepath.Join(t.TempDir(), "run"), false)
	cmd := exec.Command(os.Args[0], "-test.run=^TestTrainingProcess$")
	cmd.Env = append(os.Environ(), killFolder+"="+opts.Out)
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	lines.Scan() // it trains
	for _, resume := range []bool{true, false} {
		mine := opts
		mine.Resume = resume
		tr, err := NewTrainer(mine)
		if err != nil {
			t.Fatal(err)
		}
		var busy *BusyError
		if err := tr.Run(context.Background()); !errors.As(err, &busy) || busy.PID != cmd.Process.Pid ||
			!strings.Contains(err.Error(), "process "+strconv.Itoa(cmd.Process.Pid)) {
			t.Errorf("resume %v: %v", resume, err)
		}
	}
	if err := Locked(opts.Out); err == nil {
		t.Error("the folder is not said to be in use")
	}
	cmd.Process.Kill()
	for lines.Scan() { // or it might wait to say more
	}
	cmd.Wait()
	if _, err := os.Stat(filepath.Join(opts.Out, lockName)); err != nil {
		t.Error(err)
	}
	if err := Locked(opts.Out); err != nil {
		t.Error(err)
	}
	_, at, err := LoadRun(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	opts.Resume, opts.Settings.Updates = true, at.Updates+1
	runToEnd(t, opts)
	if _, err := os.Stat(filepath.Join(opts.Out, lockName)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a run that has ended leaves its lock: %v", err)
	}
}

// Whatever the order of opening, locking and removing, one holds it at a time.
func TestLockIsExclusive(t *testing.T) {
	dir := t.TempDir()
	var holders, turns atomic.Int32
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for turns.Load() < 200 {
				l, err := LockFolder(dir, "test")
				var busy *BusyError
				if errors.As(err, &busy) {
					continue
				}
				if err != nil {
					t.Error(err)
					return
				}
				if n := holders.Add(1); n != 1 {
					t.Errorf("%d hold it", n)
				}
				turns.Add(1)
				holders.Add(-1)
				if err := l.Release(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

func TestLockFilesThatSayNothing(t *testing.T) {
	dir := t.TempDir()
	l, err := LockFolder(dir, "latco train")
	if err != nil {
		t.Fatal(err)
	}
	if err := Locked(dir); err == nil || !strings.Contains(err.Error(), "(latco train)") {
		t.Errorf("error %v", err)
	}
	if err := os.WriteFile(l.path, []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Locked(dir); err == nil || err.Error() != dir+": in use by another process" {
		t.Errorf("error %v", err)
	}
	if err := l.Release(); err != nil {
		t.Fatal(err)
	}
	if _, err := LockFolder(filepath.Join(dir, "none"), ""); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no folder: %v", err)
	}
}
