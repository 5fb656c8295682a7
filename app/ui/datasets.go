package ui

import (
	"slices"

	"github.com/latco-studio/latco/app/engine"
)

// opened is called when the tab comes to the front, or goes.
func (t *dataTab) opened(on bool) {
	if on && !t.visible {
		t.desk.send(engine.ListData{Folders: t.folders()})
	}
	t.visible = on
	if !on {
		t.player.stop()
	}
}

func (t *dataTab) show(s *engine.State) {
	t.state = s
	d := s.Data
	if !sameSets(t.sets, d.Sets) {
		t.sets = d.Sets
		t.list()
	}
	t.openFirst(d)
	t.shown(d)
	t.player.show(s)
	t.collect.show(s)
	t.buttons(s)
	t.arrange()
}

// sameSets compares identity: a list is never written again.
func sameSets(a, b []engine.DataSet) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}

// openFirst opens the set that is likely wanted when there is none yet.
func (t *dataTab) openFirst(d engine.DataView) {
	if t.tried || !t.visible || !d.Listed || d.Open != nil || d.Opening != "" {
		return
	}
	if _, dirs := offered(d.Sets, "", t.state.Task.Name); len(dirs) > 0 {
		t.tried = true
		t.desk.send(engine.OpenData{Dir: dirs[0]})
	}
}

// list offers the sets of the chosen task.
func (t *dataTab) list() {
	titles := append([]string{anyTask}, taskTitles(t.sets)...)
	if !slices.Equal(t.task.Options, titles) {
		t.task.Options = titles
		if !slices.Contains(titles, t.task.Selected) {
			t.task.Selected = anyTask
		}
		t.task.Refresh()
	}
	task, now := t.task.Selected, ""
	if task == anyTask {
		task = ""
	}
	if t.state != nil {
		now = t.state.Task.Name
	}
	labels, dirs := offered(t.sets, task, now)
	t.set.Options, t.dirs = labels, dirs
	t.set.Selected = ""
	if i := slices.Index(dirs, t.dir); i >= 0 {
		t.set.Selected = labels[i]
	}
	t.set.Refresh()
}

func (t *dataTab) openChosen(label string) {
	if i := slices.Index(t.set.Options, label); i >= 0 && i < len(t.dirs) {
		t.desk.send(engine.OpenData{Dir: t.dirs[i]})
	}
}
