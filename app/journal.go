package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/latco-studio/latco/app/engine"
)

// entry is one line of the journal: what a bug report needs of a moment.
type entry struct {
	Time    time.Time `json:"time"`
	Task    string    `json:"task"`
	Planner string    `json:"planner"`
	Model   string    `json:"model"`
	Phase   string    `json:"phase"`
	Outcome string    `json:"outcome,omitempty"`
	Planned int       `json:"planned"` // iterations recorded of the present plan
	Shown   int       `json:"shown"`   // iteration the strip shows
	Watch   string    `json:"watch,omitempty"`
	Marks   int       `json:"bookmarks,omitempty"`
	Train   string    `json:"train,omitempty"`
	Updates int       `json:"updates,omitempty"`
	Status  string    `json:"status"`
	Details string    `json:"details,omitempty"`
}

var phases = map[engine.Phase]string{
	engine.Idle: "idle", engine.Planning: "planning", engine.PlanReady: "plan ready",
	engine.Executing: "executing", engine.EpisodeOver: "episode over", engine.Watching: "watching", engine.Replaying: "replaying",
}

var trainings = map[engine.TrainStatus]string{
	engine.TrainIdle: "", engine.TrainCollecting: "collecting", engine.TrainRunning: "running",
	engine.TrainPaused: "paused", engine.TrainDone: "done", engine.TrainFailed: "failed",
}

// journal writes a line whenever the state says something new, until ctx ends.
// Ten looks a second are enough to follow a person and cost nothing.
func journal(ctx context.Context, w io.Writer, state func() *engine.State) error {
	enc := json.NewEncoder(w)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	var last entry
	for {
		if e, ok := describe(state()); ok {
			if e != last {
				last = e
				e.Time = time.Now().UTC()
				if err := enc.Encode(e); err != nil {
					return fmt.Errorf("writing the journal: %w", err)
				}
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// describe leaves the time zero, so that equal moments compare equal.
func describe(s *engine.State) (entry, bool) {
	if s == nil {
		return entry{}, false
	}
	e := entry{Task: s.Task.Name, Planner: s.Planner.Name, Model: s.Model.Name, Phase: phases[s.Phase],
		Outcome: s.Outcome, Train: trainings[s.Train.Status], Updates: s.Train.Updates, Watch: s.Watch.Policy, Marks: len(s.Bookmarks),
		Status: s.Status.Text, Details: s.Status.Details, Shown: -1}
	if p := s.Plan; p != nil && len(p.Iterations) > 0 {
		e.Planned = p.Iterations[len(p.Iterations)-1].K + 1
		if p.Shown >= 0 && p.Shown < len(p.Iterations) {
			e.Shown = p.Iterations[p.Shown].K
		}
	}
	return e, true
}
