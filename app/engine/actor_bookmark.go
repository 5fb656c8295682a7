package engine

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// mark obeys what is about bookmarks.
func (a *actor) mark(c Command) error {
	switch c := c.(type) {
	case SaveBookmark:
		return a.saveMark(strings.TrimSpace(c.Name))
	case LoadBookmark:
		i := findMark(a.marks, c.Name)
		if i < 0 {
			return noMark(c.Name)
		}
		return a.goTo(&a.marks[i])
	case RenameBookmark:
		to := strings.TrimSpace(c.To)
		if err := checkMarkName(to); err != nil || c.From == to {
			return err
		}
		a.editMarks(func(marks []bookmark) ([]bookmark, string, error) {
			i := findMark(marks, c.From)
			if i < 0 {
				return nil, "", noMark(c.From)
			}
			if findMark(marks, to) >= 0 {
				return nil, "", fmt.Errorf("another bookmark is called “%s”", to)
			}
			marks[i].Name = to
			return marks, fmt.Sprintf("The bookmark is called “%s” now.", to), nil
		})
	case DeleteBookmark:
		a.editMarks(func(marks []bookmark) ([]bookmark, string, error) {
			i := findMark(marks, c.Name)
			if i < 0 {
				return nil, "", noMark(c.Name)
			}
			return slices.Delete(marks, i, i+1), fmt.Sprintf("Deleted the bookmark “%s”.", c.Name), nil
		})
	}
	return nil
}

func noMark(name string) error { return fmt.Errorf("there is no bookmark “%s”", name) }

func (a *actor) editMarks(edit func([]bookmark) ([]bookmark, string, error)) {
	a.keeper.ask(editMarks{shelfOf(a.cfg.Home, a.draft.Task), edit})
}

// saveMark keeps the present state.
func (a *actor) saveMark(name string) error {
	if name != "" {
		if err := checkMarkName(name); err != nil {
			return err
		}
	}
	if err := a.see(); err != nil {
		return err
	}
	if err := a.stage.rebase(); err != nil {
		return err
	}
	m := bookmark{Name: name, Saved: time.Now().Round(time.Second), Seed: a.draft.Seed,
		Settings: setting.Map(a.stage.inst.Fields()), State: markState(a.stage.inst.State()),
		Obs: slices.Clone(a.stage.now.Obs), Return: a.draft.Return, Success: a.draft.Success, Outcome: a.draft.Outcome,
		Picture: packPicture(a.draft.Observation)}
	a.editMarks(func(marks []bookmark) ([]bookmark, string, error) {
		if m.Name == "" {
			m.Name = freeName(marks, fmt.Sprintf("seed %d, step %d", m.Seed, m.State.T))
		}
		if len(marks) >= maxMarks {
			return nil, "", fmt.Errorf("there are %d bookmarks already: delete some first", len(marks))
		}
		if findMark(marks, m.Name) >= 0 {
			return nil, "", fmt.Errorf("another bookmark is called “%s”", m.Name)
		}
		return append(marks, m), fmt.Sprintf("Kept this state as “%s”.", m.Name), nil
	})
	return nil
}

// misfitError says that a bookmark is not of the scene as it is now.
type misfitError struct {
	name string
	err  error
}

func (e *misfitError) Error() string {
	return fmt.Sprintf("the bookmark “%s” does not fit this scene: %v", e.name, e.err)
}
func (e *misfitError) Unwrap() error { return e.err }

// goTo puts the scene into a kept state and holds it there. If the state does not
// fit the scene stays as it is.
func (a *actor) goTo(m *bookmark) error {
	inst := a.stage.inst
	fields, before, settings := inst.Fields(), inst.State(), setting.Map(inst.Fields())
	if err := a.place(m); err != nil {
		// All of this was so a moment ago, and therefore fits.
		for _, f := range fields {
			_ = f.Set(settings[f.Key])
		}
		_ = inst.SetState(before)
		return &misfitError{m.Name, err}
	}
	a.halt()
	a.look.pointed = "" // its ghost is the scene now
	a.stage.drift, a.stage.fallen, a.stage.moved = false, false, true
	a.stage.now = sim.Timestep{T: m.State.T, Obs: slices.Clone(m.Obs), Action: make([]float64, a.stage.task.ActionDim),
		Success: m.Success, Truncated: m.State.T >= a.stage.task.EpisodeSteps}
	a.draft.Task.Fields = copyFields(inst.Fields())
	a.draft.Seed, a.draft.Step = m.Seed, m.State.T
	a.draft.Reward, a.draft.Shaped, a.draft.Return = 0, 0, m.Return
	a.draft.Success, a.draft.Outcome = m.Success, m.Outcome
	a.draft.Phase, a.draft.Paused = Idle, true
	if a.stage.over() {
		a.draft.Phase = EpisodeOver
	}
	a.clock.owed = 0
	a.moved()
	if err := a.see(); err != nil {
		return err
	}
	return a.look.refreshPick(a)
}

// place sets the task's settings and state. The reset brings back what a task
// chose beyond its state.
func (a *actor) place(m *bookmark) error {
	inst := a.stage.inst
	fields := inst.Fields()
	for _, key := range slices.Sorted(maps.Keys(m.Settings)) {
		if err := setting.Set(fields, key, m.Settings[key]); err != nil {
			return err
		}
	}
	if len(m.Obs) != a.stage.task.ObsDim {
		return &sim.LengthError{What: "the observation", Got: len(m.Obs), Want: a.stage.task.ObsDim}
	}
	if _, err := inst.Reset(m.Seed); err != nil {
		return err
	}
	return inst.SetState(m.State.state())
}

// marked takes over the bookmarks of the task on the stage.
func (a *actor) marked(r marksRead) {
	if r.bookcase != shelfOf(a.cfg.Home, a.draft.Task) {
		return
	}
	if r.err != nil {
		a.try("", r.err)
	} else if r.said != "" {
		a.tell(Info, r.said)
	}
	if r.old {
		return
	}
	a.marks = r.marks
	a.draft.Bookmarks = make([]Bookmark, len(a.marks))
	for i := range a.marks {
		a.draft.Bookmarks[i] = a.marks[i].shown()
	}
	a.changed = true
}
