package learning

import (
	"runtime"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
)

// A step of training, from the replay buffer to the line of metrics, leaves little
// garbage: the collector must not compete with the window. What is written now and
// then (checkpoints, predictions, snapshots) is left out.
func TestGarbageOfAStep(t *testing.T) {
	dev := purego.New()
	defer dev.Close()
	opts := fakeRun(t, t.TempDir())
	opts.Data, opts.Settings.Frames, opts.Collector = offlineData(t, 8), 0, nil
	opts.Settings.Updates, opts.Settings.LogEvery, opts.Settings.CheckpointSeconds = 45, 1, 3600
	opts.Settings.MemoryMB, opts.Settings.OpenLoopEvery, opts.Settings.PublishEvery = 1, 1000, 1000
	opts.world, opts.Device = nil, dev
	const from, to = 32, 41 // between two shots of the time-lapse, which are after 31 and 41
	var before, after runtime.MemStats
	opts.Progress = func(p Progress) {
		switch {
		case p.Status != Updating:
		case p.Updates == from:
			runtime.ReadMemStats(&before)
		case p.Updates == to:
			runtime.ReadMemStats(&after)
		}
	}
	runToEnd(t, opts)
	const limit = 1 << 18
	if perStep := (after.TotalAlloc - before.TotalAlloc) / (to - from); perStep > limit {
		t.Errorf("%d bytes of garbage a step, want at most %d", perStep, limit)
	} else {
		t.Logf("%d bytes of garbage a step", perStep)
	}
}
