package engine

import (
	"encoding/json"
	"math"
	"math/rand"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/sim"
)

func TestBookmarkLifecycle(t *testing.T) {
	home := t.TempDir()
	in := func(c *Config) { c.Home = home }
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), in)
		l.Do(SetTaskField{"gain", "2"})
		l.Do(Watch{})
		l.until("steps", func(s *State) bool { return s.Step == 7 })
		l.Do(Pause{true})
		l.Do(SaveBookmark{})
		s := l.until("a bookmark", func(s *State) bool { return len(s.Bookmarks) == 1 })
		m := s.Bookmarks[0]
		if m.Name != "seed 0, step 7" || m.Step != 7 || m.Picture == nil || s.Status.Text != "Kept this state as “seed 0, step 7”." {
			t.Errorf("bookmark %+v, status %q", m, s.Status.Text)
		}
		kept := s
		l.Do(SaveBookmark{})
		l.Do(SaveBookmark{Name: "other"})
		s = l.until("three", func(s *State) bool { return len(s.Bookmarks) == 3 })
		if s.Bookmarks[1].Name != "seed 0, step 7 (2)" {
			t.Errorf("the second is called %q", s.Bookmarks[1].Name)
		}
		for _, c := range []Command{SaveBookmark{Name: "other"}, RenameBookmark{"other", m.Name}, RenameBookmark{"other", " "},
			RenameBookmark{"other", strings.Repeat("é", maxMarkName+1)}, RenameBookmark{"nobody", "x"}, LoadBookmark{"nobody"}, SaveBookmark{"a\nb"}} {
			l.Do(Stop{}) // clears the sentence
			l.until("quiet", func(s *State) bool { return s.Status.Level != Failure })
			l.Do(c)
			l.until("a refusal", func(s *State) bool { return s.Status.Level == Failure })
		}
		l.Do(RenameBookmark{m.Name, " the start "})
		l.until("new name", func(s *State) bool { return s.Bookmarks[0].Name == "the start" })
		l.Do(DeleteBookmark{"other"})
		l.until("two", func(s *State) bool { return len(s.Bookmarks) == 2 })
		l.Do(SelectTask{"two"})
		l.until("no bookmarks of another task", func(s *State) bool { return s.Task.Name == "two" && len(s.Bookmarks) == 0 })
		l.Do(SaveBookmark{Name: "last words"})
		l.until("a bookmark of two", func(s *State) bool { return len(s.Bookmarks) == 1 })
		l.stop()

		l = beginLive(t, new(props), func(c *Config) { in(c); c.Task = "two" })
		l.until("the bookmark of two", func(s *State) bool { return len(s.Bookmarks) == 1 && s.Bookmarks[0].Name == "last words" })
		l.stop()

		l = beginLive(t, new(props), in)
		defer l.stop()
		l.until("the bookmarks of one", func(s *State) bool { return len(s.Bookmarks) == 2 })
		l.Do(LoadBookmark{"the start"})
		s = l.until("the kept state", func(s *State) bool { return s.Step == 7 })
		if !s.Paused || s.Phase != Idle || s.Return != kept.Return || s.Task.Fields[0].String() != "2" {
			t.Errorf("paused %v, phase %v, return %g for %g, gain %s", s.Paused, s.Phase, s.Return, kept.Return, s.Task.Fields[0])
		}
		s = l.until("the picture", func(s *State) bool { return s.Observation != nil })
		if !reflect.DeepEqual(s.Observation.Pix, kept.Observation.Pix) {
			t.Error("the scene looks different")
		}
	})
}

// Files that are no bookmarks give an error in words and are never overwritten.
func TestDamagedBookmarks(t *testing.T) {
	good := `{"version":1,"task":"one","bookmarks":[{"name":"a","state":{"qpos":[0.5]}}]}`
	for name, text := range map[string]string{
		"empty": "", "cut": good[:40], "no JSON": "hello", "version": strings.Replace(good, "1", "2", 1),
		"task": strings.Replace(good, "one", "two", 1), "name": strings.Replace(good, `"a"`, `""`, 1),
		"twice": strings.Replace(good, `[{`, `[{"name":"a"},{`, 1), "numbers": strings.Replace(good, "0.5", "1e999", 1),
	} {
		t.Run(name, func(t *testing.T) {
			home := t.TempDir()
			path := filepath.Join(home, marksFolder, "one.json")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) {
				l := beginLive(t, new(props), func(c *Config) { c.Home = home })
				defer l.stop()
				s := l.until("a word on it", func(s *State) bool { return s.Status.Level == Failure })
				if !strings.Contains(s.Status.Text, path) || len(s.Bookmarks) != 0 {
					t.Errorf("status %q", s.Status.Text)
				}
				l.Do(SaveBookmark{Name: "new"})
				s = l.until("the new one", func(s *State) bool { return len(s.Bookmarks) == 1 })
				aside, err := filepath.Glob(path + ".damaged-*")
				if err != nil || len(aside) != 1 || !strings.Contains(s.Status.Text, aside[0]) {
					t.Fatalf("put aside as %v, status %q", aside, s.Status.Text)
				}
				if kept, err := os.ReadFile(aside[0]); err != nil || string(kept) != text {
					t.Errorf("the damaged file became %q, %v", kept, err)
				}
			})
		})
	}
}

// A bookmark of a scene that has changed since leaves everything as it is.
func TestBookmarkThatDoesNotFit(t *testing.T) {
	home := t.TempDir()
	marks := []bookmark{
		{Name: "obs", State: markedState{QPos: []float64{0.5}}, Obs: []float64{1, 2}},
		{Name: "setting", Settings: map[string]string{"colour": "red"}, State: markedState{QPos: []float64{0.5}}, Obs: []float64{1}},
		{Name: "value", Settings: map[string]string{"gain": "1000"}, State: markedState{QPos: []float64{0.5}}, Obs: []float64{1}},
	}
	if err := writeShelf(filepath.Join(home, marksFolder, "one.json"), "one", marks); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), func(c *Config) { c.Home = home })
		defer l.stop()
		l.until("the bookmarks", func(s *State) bool { return len(s.Bookmarks) == 3 })
		for _, m := range marks {
			l.Do(Watch{})
			l.until("steps", func(s *State) bool { return s.Step == 2 && s.Status.Level != Failure })
			l.Do(LoadBookmark{m.Name})
			s := l.until("a refusal", func(s *State) bool { return s.Status.Level == Failure })
			if s.Phase != Watching || s.Step < 2 || s.Task.Fields[0].String() != "1" || !strings.Contains(s.Status.Text, "“"+m.Name+"” does not fit") {
				t.Errorf("phase %v, step %d, gain %s, status %q", s.Phase, s.Step, s.Task.Fields[0], s.Status.Text)
			}
			l.Do(Reset{})
			l.until("quiet", func(s *State) bool { return s.Status.Level != Failure })
		}
	})
}

// Every double survives the file, so that the state is exact.
func TestBookmarksAreExact(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	values := func(n int) []float64 {
		v := make([]float64, n)
		for i := range v {
			for v[i] = math.NaN(); math.IsNaN(v[i]) || math.IsInf(v[i], 0); {
				v[i] = math.Float64frombits(rng.Uint64())
			}
		}
		return v
	}
	path := filepath.Join(t.TempDir(), "exact.json")
	for range 50 {
		s := sim.State{QPos: values(7), QVel: values(6), Ctrl: values(3), Act: values(2), Time: values(1)[0], T: rng.Int(),
			Task: values(4), Mocap: values(7), Warmstart: values(6)}
		if err := writeShelf(path, "x", []bookmark{{Name: "m", Saved: time.Unix(5, 0).UTC(), State: markState(s)}}); err != nil {
			t.Fatal(err)
		}
		marks, err := readShelf(path, "x")
		if err != nil {
			t.Fatal(err)
		}
		if got := marks[0].State.state(); !reflect.DeepEqual(got, s) {
			t.Fatalf("read %v, wrote %v", got, s)
		}
	}
}

// A state of a real task goes through the file and plays on as before.
func TestBookmarkOfARealTaskGoesOnExactly(t *testing.T) {
	parts, err := Real()
	if err != nil {
		t.Fatal(err)
	}
	for _, task := range parts.Tasks {
		inst, err := task.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer inst.Close()
		policy := &sim.RandomPolicy{}
		policy.Reset(1)
		action := make([]float64, task.ActionDim)
		ts, err := inst.Reset(3)
		if err != nil {
			t.Fatal(err)
		}
		play := func(n int) {
			for range n {
				policy.Act(ts, action)
				if ts, err = inst.Step(action); err != nil {
					t.Fatalf("%s: %v", task.Name, err)
				}
			}
		}
		play(5)
		data, err := json.Marshal(bookmark{Name: "m", State: markState(inst.State())})
		if err != nil {
			t.Fatal(err)
		}
		clear(action)
		want := step(t, inst, action)
		play(20)
		var m bookmark
		if err := json.Unmarshal(data, &m); err != nil {
			t.Fatal(err)
		}
		if _, err := inst.Reset(3); err != nil {
			t.Fatal(err)
		}
		if err := inst.SetState(m.State.state()); err != nil {
			t.Fatal(err)
		}
		clear(action)
		if got := step(t, inst, action); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: after the bookmark %+v, at first %+v", task.Name, got, want)
		}
	}
}

func step(t *testing.T, inst sim.Instance, action []float64) sim.Timestep {
	t.Helper()
	ts, err := inst.Step(action)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func FuzzReadShelf(f *testing.F) {
	f.Add([]byte(`{"version":1,"task":"one","bookmarks":[{"name":"a","state":{"qpos":[0.5]},"picture":"iVBORw0KGgo="}]}`))
	f.Add([]byte(`{"version":1,"task":"one","bookmarks":null}`))
	path := filepath.Join(f.TempDir(), "one.json")
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		marks, err := readShelf(path, "one")
		if err != nil {
			return
		}
		for i := range marks {
			marks[i].shown()
		}
		if err := writeShelf(path, "one", marks); err != nil {
			t.Fatal(err)
		}
		again, err := readShelf(path, "one")
		if err != nil || len(again) != len(marks) {
			t.Errorf("read %d bookmarks, then %d, %v", len(marks), len(again), err)
		}
	})
}
