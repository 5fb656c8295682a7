package demo

import (
	"fmt"
	"image"
	"slices"

	"github.com/latco-studio/latco/app/engine"
)

// sets are made-up data sets.
var sets = []engine.DataSet{
	{Dir: "/data/lottery-mixed", Name: "lottery-mixed", Task: "lottery", Title: "Lottery", Policy: "mixed", Episodes: 12, Successes: 9, Frames: 1800, Bytes: 4_100_000, Return: 0.61},
	{Dir: "/runs/push-1/episodes", Name: "push-1/episodes", Run: "/runs/push-1", Task: "push", Title: "Push", Policy: "training", Episodes: 3000, Successes: 1000,
		Frames: 450_000, Bytes: 910_000_000, Return: 12.4, InUse: "/runs/push-1: in use by process 42 since 10:00; stop it or choose another folder"},
	{Dir: "/data/none", Name: "none", Task: "reach", Title: "Reach", Policy: "random"},
}

// damaged is the episode that cannot be read.
const damaged = 4

func episodesOf(set engine.DataSet) []engine.DataEpisode {
	var list []engine.DataEpisode
	for i := range set.Episodes {
		e := engine.DataEpisode{Number: i, File: fmt.Sprintf("episode-%06d.npz", i), Policy: set.Policy, Seed: int64(1000 + 37*i), Steps: 20 + i%5,
			Return: float64(i*7%13) / 10, Success: i%4 != 3}
		if e.Success {
			e.Outcome = "sure"
		}
		list = append(list, e)
	}
	return list
}

// frame is what an episode shows at a row.
func frame(episode, row int) *image.RGBA {
	at := float64(row) / 20
	return picture(-0.6+1.2*at, 0.5-float64(episode%7)/6+0.4*at, 1)
}

// obeyData changes the state as an engine would, with the mutex held.
func (e *Engine) obeyData(c engine.Command) {
	d := &e.state.Data
	switch c := c.(type) {
	case engine.ListData:
		d.Listed = true
		if d.Sets == nil && !e.empty {
			d.Sets = slices.Clone(sets)
		}
	case engine.OpenData:
		for _, s := range d.Sets {
			if s.Dir == c.Dir {
				d.Open, d.Chosen, d.Undo = &engine.OpenSet{DataSet: s, Episodes: episodesOf(s)}, nil, 0
			}
		}
	case engine.ShowThumbs:
		open := *d.Open
		open.Thumbs = map[int]engine.Thumb{}
		for _, n := range c.Numbers {
			open.Thumbs[n] = engine.Thumb{Picture: frame(n, 20), Row: 20}
			if n == damaged {
				open.Thumbs[n] = engine.Thumb{Err: "episode-000004.npz: truncated: an .npz without its index"}
			}
		}
		d.Open = &open
	case engine.ChooseEpisode:
		d.Chosen = e.chosen(c.Number)
	case engine.ReplayEpisode:
		e.state.Phase = engine.Replaying
		d.Replay = &engine.ReplayView{Dir: d.Open.Dir, Number: c.Number, Title: d.Open.Title, Steps: 20, Deviates: -1, Frame: frame(c.Number, 0)}
	case engine.SeekReplay:
		r := *d.Replay
		r.Row, r.Frame = c.Row, frame(r.Number, c.Row)
		d.Replay = &r
	case engine.Stop:
		d.Replay = nil
	case engine.DeleteEpisodes:
		open := *d.Open
		open.Episodes = slices.DeleteFunc(slices.Clone(open.Episodes), func(e engine.DataEpisode) bool { return slices.Contains(c.Numbers, e.Number) })
		open.DataSet.Episodes = len(open.Episodes)
		d.Open, d.Undo, d.Chosen = &open, len(c.Numbers), nil
	case engine.UndoDelete:
		open := *d.Open
		open.DataSet.Episodes += d.Undo
		open.Episodes = episodesOf(open.DataSet)
		d.Open, d.Undo = &open, 0
	case engine.CollectEpisodes:
		d.Collect = &engine.Collecting{Work: engine.Work{Done: 7, Total: c.Episodes, Note: "5 of 7 successful"}, Task: "lottery", Title: "Lottery", Policy: c.Policy, Running: true}
	case engine.StopCollecting:
		done := *d.Collect
		done.Running = false
		d.Collect = &done
	}
}

func (e *Engine) chosen(number int) *engine.EpisodeView {
	for _, ep := range e.state.Data.Open.Episodes {
		if ep.Number != number {
			continue
		}
		v := &engine.EpisodeView{DataEpisode: ep, Dir: e.state.Data.Open.Dir}
		if number == damaged {
			v.Err = "/data/lottery-mixed/episode-000004.npz: truncated: an .npz without its index"
			return v
		}
		for t := range ep.Steps + 1 {
			v.Frames = append(v.Frames, frame(number, t))
			v.Rewards, v.Returns = append(v.Rewards, ep.Return/float64(ep.Steps)), append(v.Returns, ep.Return*float64(t)/float64(ep.Steps))
		}
		return v
	}
	return nil
}

// Empty makes an engine that has no data sets.
func (e *Engine) Empty() *Engine {
	e.empty = true
	return e
}
