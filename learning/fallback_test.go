package learning

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// A run whose newest checkpoints are damaged goes on from the one before, says so,
// keeps the damaged files, and ends where it would have ended.
func TestDamagedNewestFallsBack(t *testing.T) {
	whole := fakeRun(t, t.TempDir())
	runToEnd(t, whole)
	opts := fakeRun(t, t.TempDir())
	opts.Settings.Updates = 27
	runToEnd(t, opts)
	all, err := Checkpoints(opts.Out)
	if err != nil || len(all) != 3 {
		t.Fatalf("%v, %v", all, err)
	}
	file, err := os.ReadFile(all[0])
	if err == nil {
		err = os.WriteFile(all[0], make([]byte, len(file)), 0o644) // as a power cut may leave it
	}
	if err == nil {
		err = os.Truncate(all[1], 1000)
	}
	if err != nil {
		t.Fatal(err)
	}
	opts.Resume, opts.Settings.Updates = true, 40
	var skipped []error
	opts.Progress = func(p Progress) { skipped = p.Skipped }
	runToEnd(t, opts)
	if len(skipped) != 2 || !errors.Is(skipped[0], ErrForeign) || !errors.Is(skipped[1], ErrTruncated) {
		t.Fatalf("said %v", skipped)
	}
	for i, err := range skipped {
		if s := err.Error(); !strings.Contains(s, all[i]) || !strings.Contains(s, "going on from "+filepath.Base(all[2])) {
			t.Errorf("said %v", err)
		}
		if _, err := os.Stat(all[i] + damagedSuffix); err != nil {
			t.Error(err)
		}
	}
	if !reflect.DeepEqual(result(t, opts.Out), result(t, whole.Out)) {
		t.Error("ended elsewhere")
	}
}

// What a newer program wrote is not damaged: going back would throw it away.
func TestNewerCheckpointIsNotPassedOver(t *testing.T) {
	opts := fakeRun(t, t.TempDir())
	runToEnd(t, opts)
	all, err := Checkpoints(opts.Out)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.ReadFile(all[0])
	if err != nil {
		t.Fatal(err)
	}
	binary.LittleEndian.PutUint32(file[8:], 7)
	if err := os.WriteFile(all[0], file, 0o644); err != nil {
		t.Fatal(err)
	}
	opts.Resume = true
	tr, err := NewTrainer(opts)
	if err != nil {
		t.Fatal(err)
	}
	err = tr.Run(context.Background())
	if !errors.Is(err, ErrVersion) || !strings.Contains(err.Error(), "format 7, this program reads 1") {
		t.Errorf("error %v", err)
	}
}
