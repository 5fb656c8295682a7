package engine

import (
	"encoding/json"
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/learning"
)

// resetting changes a setting in the manifest of a data set, as if the task had
// changed since it was collected.
func resetting(t *testing.T, dir, key, value string) {
	t.Helper()
	path := filepath.Join(dir, learning.ManifestName)
	text, err := os.ReadFile(path)
	var m map[string]any
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	if err != nil {
		t.Fatal(err)
	}
	m["settings"].(map[string]any)[key] = value
	if text, err = json.Marshal(m); err == nil {
		err = os.WriteFile(path, text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// An episode is played again beside the live scene, which comes back as it was.
func TestReplay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := browsing(t, 4)
		defer l.stop()
		l.Do(SelectTask{"two"})
		l.until("another task", func(s *State) bool { return s.Task.Name == "two" && s.Model.Name == "two-class" })
		l.Do(Plan{})
		before := l.until("a plan", func(s *State) bool { return s.Phase == PlanReady })
		l.Do(Pause{true})

		l.Do(ReplayEpisode{1})
		began := time.Now()
		s := l.until("the first step", func(s *State) bool { return s.Phase == Replaying && s.Data.Replay.Row == 1 })
		if r := s.Data.Replay; r.Title != "Rail one" || r.Steps != railSteps || r.Deviates >= 0 || r.Frame == nil || s.Paused {
			t.Errorf("replay %+v, paused %v", r, s.Paused)
		}
		s = l.until("the end", func(s *State) bool { return s.Data.Replay.Over })
		if took := time.Since(began); took < 1100*time.Millisecond || took > 1400*time.Millisecond { // 24 steps of 50 ms
			t.Errorf("it took %v", took)
		}
		r := s.Data.Replay
		if r.Row != railSteps || r.Difference != 0 || r.Deviates != -1 || !r.Success || r.Return != r.Recorded && r.Return-r.Recorded > 1e-6 {
			t.Errorf("at the end %+v", r)
		}
		if want := "Played episode 1 of Rail one: return 16.2, as recorded to the last digit. Esc brings back the scene."; s.Status.Text != want {
			t.Errorf("status %q, want %q", s.Status.Text, want)
		}
		l.Do(Pause{false}) // again from the start
		l.until("another round", func(s *State) bool { return s.Data.Replay.Row == 3 && !s.Paused })
		l.Do(StepOnce{})
		s = l.until("a step by hand", func(s *State) bool { return s.Paused && s.Data.Replay.Row >= 4 })
		at := s.Data.Replay.Row
		time.Sleep(time.Second)
		if row := l.State().Data.Replay.Row; row != at {
			t.Errorf("paused at %d, it went to %d", at, row)
		}
		l.Do(Reset{})
		l.until("the start", func(s *State) bool { return s.Data.Replay.Row == 0 })
		l.Do(SeekReplay{20})
		s = l.until("row 20", func(s *State) bool { return s.Data.Replay.Row == 20 })
		if d := s.Data.Replay; d.Difference != 0 || d.Return-d.Recorded > 1e-6 {
			t.Errorf("after going there %+v", d)
		}
		l.Do(DragStart{0.5, 0.5})
		l.until("refusal", func(s *State) bool { return strings.Contains(s.Status.Text, "recorded episode") })
		l.Do(SaveBookmark{})

		l.Do(Stop{})
		s = l.until("the scene", func(s *State) bool { return s.Phase != Replaying })
		if s.Phase != PlanReady || !s.Paused || s.Data.Replay != nil || s.Plan.Stale || s.Step != before.Step || s.Observation != before.Observation || s.Task.Name != "two" {
			t.Errorf("the scene came back as phase %v, paused %v, step %d", s.Phase, s.Paused, s.Step)
		}
		if len(s.Bookmarks) != 0 {
			t.Error("a bookmark of the recording was kept with the scene")
		}
	})
}

// What is about the scene ends a replay, being prepared or under way, and is done.
func TestReplayGivesWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _ := browsing(t, 4)
		defer l.stop()
		for name, c := range map[string]Command{"plan": Plan{}, "watch": Watch{}, "run": Run{}, "new start": Reset{New: true}, "task": SelectTask{"two"}} {
			l.Do(Stop{})
			l.Do(SelectTask{"one"})
			l.until("the task", func(s *State) bool {
				return s.Task.Name == "one" && s.Opening == "" && s.Model.Name == "one-class" && s.Data.Replay == nil
			})
			l.Do(ReplayEpisode{0})
			l.until("replay", func(s *State) bool { return s.Phase == Replaying && s.Data.Replay.Row > 2 })
			l.Do(c)
			s := l.until(name, func(s *State) bool { return s.Data.Replay == nil && s.Opening == "" })
			if s.Phase == Replaying {
				t.Errorf("%s: phase %v", name, s.Phase)
			}
		}
		l.until("task two", func(s *State) bool { return s.Opening == "" })
		l.Do(ReplayEpisode{0})
		l.Do(Watch{})
		s := l.until("watching", func(s *State) bool { return s.Phase == Watching && s.Step > 5 })
		if s.Data.Replay != nil {
			t.Errorf("watching and replaying at once: %+v", s.Data.Replay)
		}
		l.Do(ReplayEpisode{2}) // damaged
		s = l.until("refusal", func(s *State) bool { return s.Status.Level == Failure })
		if s.Phase != Watching || s.Data.Replay != nil || !strings.Contains(s.Status.Text, "truncated") {
			t.Errorf("phase %v, status %q", s.Phase, s.Status.Text)
		}
		// One after the other, the last counts; closing in the middle leaves nothing open.
		for i := range 10 {
			l.Do(ReplayEpisode{[]int{0, 1, 3}[i%3]})
			time.Sleep(time.Duration(i*37) * time.Millisecond)
		}
		l.until("the last one", func(s *State) bool { return s.Phase == Replaying && s.Data.Replay.Number == 0 && s.Data.Replay.Row > 1 })
		l.Do(ReplayEpisode{1})
	})
}

// A replay that goes otherwise than the recording says so.
func TestReplayDeviates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, dir := browsing(t, 4)
		defer l.stop()
		resetting(t, dir, "gain", "1.2")
		l.Do(OpenData{dir})
		l.until("the changed set", func(s *State) bool { return s.Data.Open.Settings["gain"] == "1.2" })
		l.Do(ReplayEpisode{0})
		s := l.until("the end", func(s *State) bool { r := s.Data.Replay; return r != nil && r.Over })
		if r := s.Data.Replay; r.Deviates != 1 || r.Difference < 0.1 || r.Return <= r.Recorded {
			t.Errorf("%+v", r)
		}
		if want := "not as recorded from step 1 on; return 18.2, recorded 15.2."; s.Status.Level != Warning || !strings.Contains(s.Status.Text, want) {
			t.Errorf("status %q", s.Status.Text)
		}
		resetting(t, dir, "wind", "3")
		l.Do(OpenData{dir})
		l.until("the changed set", func(s *State) bool { return s.Data.Open.Settings["wind"] == "3" })
		l.Do(ReplayEpisode{0})
		s = l.until("refusal", func(s *State) bool { return s.Status.Level == Failure })
		if !strings.Contains(s.Status.Text, "wind") || s.Data.Replay != nil {
			t.Errorf("status %q", s.Status.Text)
		}
	})
}

// Actions that were executed with more digits than were recorded come from the policy;
// where it does not agree any more, from the recording.
func TestRerunFindsTheActions(t *testing.T) {
	dir := t.TempDir()
	gather(t, "one", "random", dir, 1)
	set, err := learning.OpenDataset(dir)
	if err != nil {
		t.Fatal(err)
	}
	ep, err := set.Load(0)
	if err != nil {
		t.Fatal(err)
	}
	task := collectParts(new(props)).Tasks[0]
	difference := func(ep *learning.Episode) float64 {
		inst, err := task.New(set.Info.Settings)
		if err != nil {
			t.Fatal(err)
		}
		r, err := newRerun(inst, task, ep, nil)
		for err == nil && !r.over() {
			err = r.step()
		}
		if err != nil {
			t.Fatal(err)
		}
		// Back and forth it stays the same.
		if err := r.show(3); err != nil || r.row != 3 || r.over() {
			t.Fatalf("row %d: %v", r.row, err)
		}
		at := r.rows[4].state.QPos[0]
		if err := r.step(); err != nil || inst.State().QPos[0] != at {
			t.Errorf("row 4 became %g, was %g: %v", inst.State().QPos[0], at, err)
		}
		return r.difference
	}
	if d := difference(ep); d != 0 {
		t.Errorf("a random policy's episode differs by %g", d)
	}
	ep.Info.Policy = "cem" // cannot be asked
	if d := difference(ep); d == 0 || d > 1e-6 {
		t.Errorf("actions of 24 bits make a difference of %g", d)
	}
}

// Whatever is done while episodes are prepared, played and left, nothing stays open and
// the scene behind comes back.
func TestReplaysLeaveNothingOpen(t *testing.T) {
	home := t.TempDir()
	dir := filepath.Join(home, "data", "mine")
	gather(t, "one", "scripted", dir, 4)
	spoil(t, dir, 2)
	synctest.Test(t, func(t *testing.T) {
		var open atomic.Int64
		l := beginLive(t, new(props), func(c *Config) {
			c.Home = home
			for i := range c.Parts.Tasks {
				c.Parts.Tasks[i] = counting(c.Parts.Tasks[i], &open, 20*time.Millisecond, 0)
			}
		})
		l.Do(OpenData{dir})
		l.until("the open set", func(s *State) bool { return s.Data.Open != nil })
		rng := rand.New(rand.NewSource(1))
		for range 300 {
			l.Do([]Command{ReplayEpisode{0}, ReplayEpisode{1}, ReplayEpisode{2}, ReplayEpisode{3}, SeekReplay{rng.Intn(30)}, SeekReplay{-5}, Stop{}, Plan{},
				Run{}, Watch{}, Reset{}, Reset{New: true}, StepOnce{}, Pause{true}, Pause{false}, SelectTask{"two"}, SelectTask{"one"}, OpenData{dir},
				ChooseEpisode{rng.Intn(4)}, DeleteEpisodes{[]int{3}}, UndoDelete{}, ShowThumbs{[]int{0, 1, 2, 3}}, SetTaskField{"gain", "2"},
				NextCamera{}, Pick{0.5, 0.5}, DragStart{0.5, 0.5}, DragMove{0.6, 0.5}, DragEnd{}, SaveBookmark{}}[rng.Intn(29)])
			if rng.Intn(3) == 0 {
				time.Sleep(time.Duration(rng.Intn(120)) * time.Millisecond)
			}
		}
		l.Do(Stop{})
		l.Do(SelectTask{"two"})
		s := l.until("the scene", func(s *State) bool {
			return s.Task.Name == "two" && s.Opening == "" && s.Phase != Replaying && s.Data.Replay == nil
		})
		if s.Phase == Replaying {
			t.Error("the replay goes on")
		}
		l.Do(ReplayEpisode{0}) // being prepared when everything stops
		l.stop()
		if n := open.Load(); n != 0 {
			t.Errorf("%d instances were left open", n)
		}
	})
}
