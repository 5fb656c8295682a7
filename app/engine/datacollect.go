package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// Reports of a collection.
type (
	collectGoesOn struct{ view Collecting }
	collectEnded  struct {
		view Collecting
		err  error
	}
)

// maxCollect bounds what is asked for at a time.
const maxCollect = 100_000

// collect plays episodes of the task on the stage in the background. What training
// would collect goes where training looks for it; other policies have folders of
// their own.
func (a *actor) collect(c CollectEpisodes) error {
	task := a.stage.task
	switch {
	case a.archive.collecting != nil:
		return errors.New("episodes are being collected: stop that first")
	case task.ActionDim == 0:
		return fmt.Errorf("%s has no actuators: there is nothing to collect", task.Title)
	case c.Episodes < 1 || c.Episodes > maxCollect:
		return &setting.RangeError{Key: "episodes", Value: fmt.Sprint(c.Episodes), Want: fmt.Sprintf("a whole number in [1, %d]", maxCollect)}
	}
	policy := dataPolicy(c.Policy, task)
	settings := setting.Map(a.stage.inst.Fields())
	name := dataName(task.Name, settings)
	if policy != dataPolicy("", task) {
		name += "-" + policy
	}
	ctx, cancel := context.WithCancel(a.ctx)
	parts := *a.parts
	parts.Tasks = []sim.Task{task}
	parts.NewRenderer = func() (render.Renderer, error) { return sharedPainter{a.paint.pass(ctx)}, nil }
	o := CollectOptions{Parts: parts, Task: task.Name, Settings: settings, Policy: policy, Workers: 1, Background: true,
		Out: filepath.Join(a.cfg.Home, dataFolder, name), Command: "the window"}
	a.archive.collecting = cancel
	view := Collecting{Work: Work{Total: c.Episodes}, Task: task.Name, Title: task.Title, Policy: policy, Dir: o.Out, Running: true}
	a.draft.Data.Collect = &view
	a.group.Go(func() error {
		view, err := collectMore(ctx, o, view, c.Episodes, func(v Collecting) { a.report(collectGoesOn{v}) })
		a.report(collectEnded{view, err})
		return nil
	})
	return nil
}

// collectMore adds n episodes to what the folder has.
func collectMore(ctx context.Context, o CollectOptions, view Collecting, n int, tell func(Collecting)) (Collecting, error) {
	had := 0
	if set, err := learning.OpenDataset(o.Out); err == nil {
		had = len(set.Entries)
	}
	o.Episodes = had + n
	_, err := Collect(ctx, o, func(done, _ int, note string) {
		view.Done, view.Note = done-had, note
		tell(view)
	})
	view.Running = false
	return view, err
}

// collectsData shows how far a collection is, and its episodes if nothing else is open.
func (a *actor) collectsData(v Collecting) {
	d := &a.draft.Data
	d.Collect, a.changed = &v, true
	if v.Done > 0 && d.Open == nil && d.Opening == "" {
		d.Opening = v.Dir
		a.librarian.ask(openOrder{v.Dir})
	}
}

// collectedData says what came of a collection, and shows it.
func (a *actor) collectedData(e collectEnded) {
	a.archive.collecting()
	a.archive.collecting = nil
	v := e.view
	if e.err != nil && !errors.Is(e.err, context.Canceled) {
		v.Err = plain(e.err)
	}
	a.draft.Data.Collect, a.changed = &v, true
	switch {
	case v.Err != "":
		a.try("Could not collect episodes", e.err)
	case e.err != nil:
		a.tell(Info, fmt.Sprintf("Collecting was stopped after %s of %s.", counted(v.Done, "episode"), v.Title))
	default:
		a.tell(Info, fmt.Sprintf("Collected %s of %s.", counted(v.Done, "episode"), v.Title))
	}
	a.librarian.ask(relistOrder{})
	if v.Done > 0 && (a.archive.set == nil || cmp.Or(a.draft.Data.Opening, a.archive.set.Dir) != v.Dir) {
		a.draft.Data.Opening = v.Dir
		a.librarian.ask(openOrder{v.Dir})
	}
}

// sharedPainter draws through the painter, which nobody here may close.
type sharedPainter struct{ drawer }

func (sharedPainter) Close() error { return nil }
