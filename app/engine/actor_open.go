package engine

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// opening is a task on its way to the stage. The old one stays alive until then.
type opening struct {
	token int       // of the newest request
	title string    // "" if nothing is being opened
	later []Command // what was asked for meanwhile, meant for the coming scene
}

// stageOpened ends the opening of a task.
type stageOpened struct {
	token int // newest request wins
	what  string
	stage stage
	err   error
}

// discard frees what nobody took over.
func (o stageOpened) discard() { o.stage.close() }

// selectTask switches to another task beside the live scene.
func (a *actor) selectTask(name string) error {
	task, err := a.parts.task(name)
	if err != nil {
		return err
	}
	a.open(task.Title, "", func() (sim.Task, error) { return task, nil })
	return nil
}

// openScene shows an MJCF file.
func (a *actor) openScene(path string) error {
	file := a.parts.OpenFile
	if file == nil {
		return fmt.Errorf("%s: this build opens no scene files", path)
	}
	title := filepath.Base(path)
	a.open(title, path, func() (sim.Task, error) { return file(path) })
	return nil
}

// open has a stage made beside the live scene, of the file if one is named. If
// that fails the old scene goes on.
func (a *actor) open(title, file string, find func() (sim.Task, error)) {
	o := &a.opening
	o.token++
	o.title, o.later = title, nil
	a.draft.Opening = title
	token := o.token
	a.group.Go(func() error {
		done := stageOpened{token: token, what: "Could not open " + title}
		task, err := find()
		if err == nil {
			done.stage, err = newStage(a.ctx, a.paint, task)
			done.stage.model = a.parts.modelFor(a.cfg.Home, task.Name) // looks at the disk
		}
		done.err, done.stage.file = err, file
		if !a.report(done) {
			done.discard()
		}
		return nil
	})
}

// waits says that a command is meant for the scene that is being opened.
func (o *opening) waits(c Command) bool {
	if o.title == "" {
		return false
	}
	switch c.(type) {
	case Plan, Run, Watch, Reset, StepOnce, SetTaskField, LoadModel, SetPlannerField, ResetPlannerFields,
		SaveBookmark, LoadBookmark, StartTraining:
		return true
	}
	return false
}

// opened takes over a stage that has been made, unless another was asked for.
func (a *actor) opened(o stageOpened) {
	if o.token != a.opening.token {
		o.discard()
		return
	}
	later := a.opening.later
	a.opening.title, a.opening.later = "", nil
	a.draft.Opening, a.changed = "", true
	if o.err != nil {
		a.try(o.what, o.err)
		return
	}
	a.halt()
	a.eager = nil
	if err := a.enter(o.stage); err != nil {
		a.try("", err)
		return
	}
	a.orders.rest() // what is still to be seen of the old stage, or planned on it
	a.use(nil)
	a.pursuit = pursuit{id: a.pursuit.id + 1}
	if err := a.reset(0); err != nil {
		a.try("", err)
		return
	}
	a.try("", a.see()) // the state that names the task has its picture
	a.load("")
	a.tellNotices()
	for _, c := range later {
		a.try("", a.obey(c))
	}
}

// tellNotices says what of a scene was ignored or cannot be drawn.
func (a *actor) tellNotices() {
	n, ok := a.stage.inst.(sim.Noticer)
	if !ok {
		return
	}
	if notices := n.Notices(); len(notices) > 0 {
		a.tell(Warning, fmt.Sprintf("Opened %s. %s", a.stage.task.Title, notices[0]))
		a.notice.Details = strings.Join(notices, "\n")
	}
}

// enter puts a task on the stage. The stage is the actor's from now on.
func (a *actor) enter(s stage) error {
	a.stage.close()
	a.stage = s
	a.setups, a.schedule = map[string]*setup{}, scheduleOf(s.task)
	a.look.home(s.task)
	a.draft.Task = describe(s.task)
	a.draft.Task.File = s.file
	a.draft.Task.Model = s.model
	a.draft.Task.Fields = copyFields(s.inst.Fields())
	for _, h := range s.inst.Handles() {
		a.draft.Task.Handles = append(a.draft.Task.Handles, h.Name)
	}
	a.draft.Plan = nil
	a.marks, a.draft.Bookmarks = nil, nil
	a.keeper.ask(readMarks{shelfOf(a.cfg.Home, a.draft.Task)})
	return a.choose(a.draft.Planner.Name)
}

// describe is what a screen needs of a task that is not on the stage.
func describe(t sim.Task) TaskInfo {
	return TaskInfo{Name: t.Name, Title: t.Title, Group: t.Group, Summary: t.Summary, Success: t.Success,
		Horizon: t.Horizon, Replan: t.Replan, EpisodeSteps: t.EpisodeSteps, ActionRepeat: max(1, t.ActionRepeat),
		ActionDim: t.ActionDim, ObsDim: t.ObsDim, Goal: t.Sparse || t.Group == "lottery", Sparse: t.Sparse, Policies: policiesOf(t)}
}

// policiesOf are the policies of a task that are worth watching, the most telling
// first. Where nothing can be driven there is none.
func policiesOf(t sim.Task) []string {
	if t.ActionDim == 0 {
		return nil
	}
	var names []string
	if t.Scripted != nil {
		names = append(names, "scripted")
	}
	if t.Mixed != nil {
		names = append(names, "mixed")
	}
	return append(names, "random")
}

// setTaskField changes a setting of the task and begins the episode again; who
// watched a policy goes on watching.
func (a *actor) setTaskField(c SetTaskField) error {
	if err := setting.Set(a.stage.inst.Fields(), c.Key, c.Value); err != nil {
		return err
	}
	a.draft.Task.Fields = copyFields(a.stage.inst.Fields())
	if err := a.stage.measure(); err != nil { // the setting may be how long a step lasts
		return &stageError{err}
	}
	return a.again(a.draft.Seed)
}

// knownPolicy is name, or the first policy of the task for "".
func knownPolicy(t TaskInfo, name string) (string, error) {
	switch {
	case len(t.Policies) == 0:
		return "", fmt.Errorf("%s has nothing that a policy could drive", t.Title)
	case name == "":
		return t.Policies[0], nil
	case !slices.Contains(t.Policies, name):
		return "", &UnknownNameError{"policy", name, t.Policies}
	}
	return name, nil
}
