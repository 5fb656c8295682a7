package engine

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const pendulumXML = `<mujoco model="pendulum">
  <worldbody>
    <geom type="plane" size="1 1 .1"/>
    <body pos="0 0 1"><joint name="hinge" axis="0 1 0"/><geom type="capsule" fromto="0 0 0 .4 0 0" size=".03"/></body>
  </worldbody>
  %s
</mujoco>
`

// Scene files are opened, watched and left again; a wrong one gives the parser's
// message with its line, and the scene before it stays.
func TestOpenRealScenes(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	driven := write("driven.xml", strings.Replace(pendulumXML, "%s", `<actuator><motor joint="hinge" ctrllimited="true" ctrlrange="-1 1"/></actuator>`, 1))
	free := write("free.xml", strings.Replace(pendulumXML, "%s", "", 1))
	wrong := write("wrong.xml", strings.Replace(pendulumXML, "%s", "<actuators/>", 1))
	torn := write("torn.xml", pendulumXML[:90])

	parts := smallParts(t)
	parts.Models = lotteryOnly{parts.Models.(fixedWorld).world}
	e, err := New(Config{Parts: parts, PlanThreads: 1, Home: dir})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- e.Run(ctx) }()
	l := &live{Engine: e, t: t}
	l.until("observation", func(s *State) bool { return s.Observation != nil })
	for path, want := range map[string]string{wrong: "line", torn: "Could not open torn.xml", filepath.Join(dir, "no.xml"): "no.xml"} {
		l.Do(OpenScene{path})
		s := l.until("an error", func(s *State) bool { return s.Status.Level == Failure })
		if !strings.Contains(s.Status.Text, want) || s.Task.Name != "lottery" || strings.Contains(s.Status.Text, "\n") {
			t.Errorf("%s: task %s, status %q", path, s.Task.Name, s.Status.Text)
		}
		l.Do(Stop{})
		l.until("quiet", func(s *State) bool { return s.Status.Level != Failure })
	}
	l.Do(OpenScene{driven})
	s := l.until("the driven scene", func(s *State) bool { return s.Task.File == driven })
	if s.Task.ActionDim != 1 || s.Model.Name != "" || s.Task.Goal {
		t.Errorf("task %+v, model %q", s.Task, s.Model.Name)
	}
	l.Do(Watch{})
	l.until("steps", func(s *State) bool { return s.Phase == Watching && s.Step > 3 })
	l.Do(SaveBookmark{Name: "swing"})
	l.until("a bookmark", func(s *State) bool { return len(s.Bookmarks) == 1 })

	l.Do(OpenScene{free})
	s = l.until("the free scene", func(s *State) bool { return s.Task.File == free })
	if len(s.Task.Policies) != 0 || !strings.Contains(s.Status.Text, "no actuators") {
		t.Errorf("policies %v, status %q", s.Task.Policies, s.Status.Text)
	}
	for _, c := range []Command{Watch{}, Plan{}, StartTraining{}} {
		l.Do(Stop{})
		l.until("quiet", func(s *State) bool { return s.Status.Level != Failure })
		l.Do(c)
		l.until("a refusal", func(s *State) bool { return s.Status.Level == Failure && s.Phase == Idle })
	}
	l.Do(StepOnce{})
	l.until("a step", func(s *State) bool { return s.Step == 1 })
	l.Do(OpenScene{driven})
	l.until("its bookmark", func(s *State) bool { return s.Task.File == driven && len(s.Bookmarks) == 1 })
	cancel()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
