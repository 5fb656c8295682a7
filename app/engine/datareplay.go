package engine

import (
	"context"
	"fmt"

	"github.com/latco-studio/latco/learning"
)

// ReplayResult says whether an episode, simulated again, goes as it was recorded.
type ReplayResult struct {
	Number     int     `json:"number"`
	File       string  `json:"file"`
	Steps      int     `json:"steps"`           // recorded
	Played     int     `json:"played"`          // fewer if it ended earlier
	Return     float64 `json:"return"`          // of the task's reward, as played again
	Recorded   float64 `json:"recorded_return"` // of the same reward
	Difference float64 `json:"difference"`      // largest of a state's number, relative to 1 + its size
	Deviates   int     `json:"deviates"`        // first step that is clearly not as recorded; −1 none is
	Err        string  `json:"error,omitempty"` // why it cannot be played
}

// ReplayEpisodes simulates episodes of a data set again: from the seed and settings of
// the recording, with its actions. Those that cannot be played say why.
func ReplayEpisodes(ctx context.Context, parts Parts, dir string, numbers []int, progress Progress) ([]ReplayResult, error) {
	parts, err := parts.orReal()
	if err != nil {
		return nil, err
	}
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return nil, err
	}
	if err := checkNumbers(set, numbers); err != nil {
		return nil, err
	}
	results := []ReplayResult{}
	for i, n := range numbers {
		progress.say(i, len(numbers), "playing "+set.Entries[n].File)
		r, err := parts.replayOne(ctx, set, n)
		if ctx.Err() != nil {
			return results, ctx.Err()
		}
		if err != nil {
			r.Err = err.Error()
		}
		results = append(results, r)
	}
	progress.say(len(numbers), len(numbers), "played")
	return results, nil
}

func (p *Parts) replayOne(ctx context.Context, set *learning.Dataset, n int) (ReplayResult, error) {
	out := ReplayResult{Number: n, File: set.Entries[n].File, Steps: set.Entries[n].Steps, Deviates: -1}
	task, err := p.task(set.Info.Task)
	if err != nil {
		return out, err
	}
	ep, err := set.Load(n)
	if err != nil {
		return out, err
	}
	inst, err := task.New(set.Info.Settings)
	if err != nil {
		return out, fmt.Errorf("task %s: %w", task.Name, err)
	}
	defer inst.Close()
	r, err := newRerun(inst, task, ep, set.Info.PolicySettings)
	for err == nil && !r.over() && ctx.Err() == nil {
		err = r.step()
	}
	if r != nil {
		last := r.rows[r.row]
		out.Played, out.Return, out.Recorded, out.Difference, out.Deviates = r.row, last.sum, last.recorded, r.difference, r.deviates
	}
	return out, err
}
