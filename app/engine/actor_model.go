package engine

import (
	"cmp"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"

	"github.com/latco-studio/latco/sim"
)

// load opens a model beside the live scene: bundled or a file, "" the task's if
// there is one, trainingModel the one in training.
func (a *actor) load(name string) {
	if name == trainingModel {
		a.try("", a.followTraining())
		return
	}
	a.following = false
	a.token++ // what is still being loaded is not wanted any more
	a.loading, a.eager = false, nil
	task := a.stage.task
	if name == "" && a.trainedHere(task) {
		a.try("", a.followTraining())
		return
	}
	if name = cmp.Or(name, a.draft.Task.Model); name == "" {
		return
	}
	a.loading = true
	token, parts := a.token, a.parts
	if a.notice.Level < Warning { // what went wrong is worth more
		a.tell(Busy, "Loading the model "+name+".")
	}
	a.group.Go(func() error {
		w, err := parts.world(name, task)
		a.report(worldOpened{token, name, w, err})
		return nil
	})
}

// trainedHere says that the model of a task is the one in training, or was trained
// since the program began and none comes with the task.
func (a *actor) trainedHere(task sim.Task) bool {
	w := a.study.world
	if w == nil {
		return false
	}
	_, err := w.For(task)
	return err == nil && (a.study.cancel != nil || a.parts.Models.Bundled(task.Name) == "")
}

// loaded takes over a model that has been read, unless another was asked for.
func (a *actor) loaded(o worldOpened) {
	if o.token != a.token {
		return
	}
	a.loading = false
	eager := a.eager
	a.eager = nil
	if o.err == nil {
		o.err = a.reschedule(o.world)
	}
	if o.err != nil {
		a.tell(Failure, fmt.Sprintf("Could not load the model: %s", plain(o.err)))
		a.notice.Details = o.err.Error()
		return
	}
	if a.notice.Level == Busy {
		a.notice = Status{}
	}
	if others := otherThanTrained(o.world, a.stage.inst.Fields()); others != "" {
		a.tell(Warning, fmt.Sprintf("The model %s learned with %s.", o.world.Info().Name, others))
	}
	a.use(o.world)
	if eager != nil {
		a.try("", a.obey(eager))
	}
}

// use makes a model the one that plans are made with; nil takes it away.
func (a *actor) use(w World) {
	a.world = w
	a.draft.Model = ModelInfo{}
	if w != nil {
		a.draft.Model = w.Info()
	}
	a.orders.put(adoptOrder{w})
	a.changed = true
}

// handle takes over what a worker reports.
func (a *actor) handle(ev event) {
	switch ev := ev.(type) {
	case planDone:
		a.planned(ev)
	case stripDone:
		a.painted(ev)
	case worldOpened:
		a.loaded(ev)
	case stageOpened:
		a.opened(ev)
	case marksRead:
		a.marked(ev)
	case adopted:
		a.settled(ev)
	case saved:
		a.tell(Info, "Saved "+ev.path+".")
	case mindFailed:
		a.blame(ev.err)
		a.try(ev.what, ev.err)
	case failed:
		a.try(ev.what, ev.err)
	default:
		if !a.heard(ev) {
			a.learned(ev)
		}
	}
}

// screenshot writes the newest frame to a PNG file beside the live scene.
func (a *actor) screenshot(path string) error {
	frame := new(image.RGBA)
	if _, ok := a.engine.Frame(frame); !ok {
		return fmt.Errorf("there is no frame to save yet")
	}
	a.group.Go(func() error {
		if err := writePNG(path, frame); err != nil {
			a.report(failed{"Could not save the screenshot", err})
		} else {
			a.report(saved{path})
		}
		return nil
	})
	return nil
}

func writePNG(path string, m image.Image) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := png.Encode(f, m); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
