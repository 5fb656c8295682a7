package engine

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latco-studio/latco/sim"
)

// Who asks for another task sees in the very next state that it is coming, until it is
// there; nobody takes what is still on the stage for what was asked for.
func TestOpeningShowsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(props)
		l := beginLive(t, p, func(c *Config) {
			c.Parts.OpenFile = func(path string) (sim.Task, error) { return railTask(&p.diary, path, nil), nil }
		})
		defer l.stop()
		for _, c := range []struct {
			command     Command
			title, task string
		}{
			{SelectTask{"two"}, "Rail two", "two"},
			{SelectTask{"two"}, "Rail two", "two"}, // on the stage already: it is opened again
			{OpenScene{"some/where.xml"}, "where.xml", "some/where.xml"},
			{SelectTask{"one"}, "Rail one", "one"},
		} {
			before := l.State()
			l.Do(c.command)
			if s := l.State(); s.Opening != c.title || s.Status.Text != "Opening "+c.title+"." || s.Version <= before.Version {
				t.Errorf("%v: opening %q, status %q, version %d after %d", c.command, s.Opening, s.Status.Text, s.Version, before.Version)
			}
			for { // as a screen would wait, which does not count commands
				if s := l.State(); s.Opening == "" {
					if s.Task.Name != c.task || s.Obeyed != l.asked() || s.Observation == before.Observation {
						t.Errorf("%v: task %s, %d of %d obeyed", c.command, s.Task.Name, s.Obeyed, l.asked())
					}
					break
				}
				time.Sleep(time.Millisecond)
			}
		}
	})
}

func TestOpeningShowsTheNewest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		for range 20 {
			for _, name := range []string{"two", "one", "bare", "two", "one"} {
				l.Do(SelectTask{name})
				if s := l.State(); s.Opening != "Rail "+name {
					t.Fatalf("asked for %s, opening %q", name, s.Opening)
				}
			}
			s := l.until("the last", func(s *State) bool { return s.Opening == "" })
			if s.Task.Name != "one" {
				t.Fatalf("task %s", s.Task.Name)
			}
		}
		l.Do(SelectTask{"moon"}) // there is none: nothing is being opened
		if s := l.State(); s.Opening != "" {
			t.Errorf("opening %q", s.Opening)
		}
		s := l.until("refusal", func(s *State) bool { return s.Status.Level == Failure })
		if s.Opening != "" || !strings.Contains(s.Status.Text, "moon") {
			t.Errorf("opening %q, status %q", s.Opening, s.Status.Text)
		}
		l.Do(SelectTask{"two"})
		l.until("a task", func(s *State) bool { return s.Task.Name == "two" && s.Opening == "" })
	})
}

// A paused scene is seen when it comes on the stage, or begins again.
func TestPausedScenesAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := beginLive(t, new(props), nil)
		defer l.stop()
		l.Do(Pause{true})
		s := l.until("pause", func(s *State) bool { return s.Paused })
		for _, c := range []Command{SelectTask{"two"}, Reset{New: true}, SetTaskField{"gain", "2"}, SelectTask{"bare"}} {
			old := s.Observation
			l.Do(c)
			s = l.until("a picture", func(s *State) bool { return s.Observation != old && s.Opening == "" })
			if !s.Paused || s.Step != 0 {
				t.Errorf("after %v: paused %v, step %d", c, s.Paused, s.Step)
			}
		}
	})
}
