package engine

import (
	"context"
	"runtime"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// InspectResult is the JSON document of latco data.
type InspectResult struct {
	*CollectResult
	Damaged []DamagedEpisode `json:"damaged"`
}

// DamagedEpisode is one that training would leave out.
type DamagedEpisode struct {
	File   string `json:"file"`
	Reason string `json:"reason"`
}

// Inspect reads every episode of a data set and checks it. Damaged ones are named
// in the result.
func Inspect(ctx context.Context, dir string, progress Progress) (*InspectResult, error) {
	set, err := learning.OpenDataset(dir)
	if err != nil {
		return nil, err
	}
	task := sim.Task{Name: set.Info.Task}
	if parts, err := Real(); err == nil {
		if known, err := parts.task(set.Info.Task); err == nil {
			task = known // says which reward counts
		}
	}
	r := &InspectResult{CollectResult: collected(set, task), Damaged: []DamagedEpisode{}}
	n := len(set.Entries)
	c := crew[struct{}, error]{
		workers: runtime.NumCPU(),
		open:    func() (struct{}, func(), error) { return struct{}{}, func() {}, nil },
		play: func(ctx context.Context, _ struct{}, i int) (error, error) {
			if set.Entries[i].Dropped {
				return nil, ctx.Err()
			}
			_, err := set.Load(i)
			return err, ctx.Err()
		},
		take: func(i int, bad error) error {
			if bad != nil {
				r.Damaged = append(r.Damaged, DamagedEpisode{set.Entries[i].File, bad.Error()})
			}
			progress.say(i+1, n, "checking")
			return nil
		},
	}
	return r, c.run(ctx, 0, n)
}
