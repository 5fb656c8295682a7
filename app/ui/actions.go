package ui

import (
	"fmt"
	"path/filepath"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latco-studio/latco/app/engine"
)

// remember keeps the window's look for the next start.
func (u *UI) remember() {
	m := u.memory
	if !u.full {
		size := u.win.Canvas().Size()
		m.SetFloat(keyWidth, float64(size.Width))
		m.SetFloat(keyHeight, float64(size.Height))
		m.SetBool(keySide, u.side.root.Hidden)
	}
	m.SetFloat(keyUpper, u.upper.Offset)
	m.SetFloat(keyBody, u.body.Offset)
	if u.state != nil && u.state.Planner.Name != "" {
		m.SetString(keyPlanner, u.state.Planner.Name)
	}
}

// recall chooses the planner of the last time as soon as the engine lists it.
func (u *UI) recall(s *engine.State) {
	if u.recalled || len(s.Planners) == 0 {
		return
	}
	u.recalled = true
	name := u.memory.planner()
	for _, p := range s.Planners {
		if p.Name == name && name != s.Planner.Name {
			u.eng.Do(engine.SelectPlanner{Name: name})
		}
	}
}

// browse opens the task browser.
func (u *UI) browse() {
	if u.opts.Tasks == nil || u.state == nil {
		return
	}
	u.browser.show(u.opts.Tasks(), u.state.Task.Name)
}

// toggleWatch watches the task's own policy, or stops watching.
func (u *UI) toggleWatch() {
	if u.state != nil && u.state.Watch.Policy != "" {
		u.eng.Do(engine.Stop{})
		return
	}
	u.eng.Do(engine.Watch{})
}

func (u *UI) switchTheme() {
	dark := !u.memory.dark()
	u.memory.SetBool(keyLight, !dark)
	u.app.Settings().SetTheme(newTheme(dark))
}

func (u *UI) toggleSide() {
	if u.full {
		return
	}
	setHidden(u.side.root, !u.side.root.Hidden)
	u.memory.SetBool(keySide, u.side.root.Hidden)
	u.upper.Refresh()
}

// showSide brings a tab of the side panel to the front.
func (u *UI) showSide(tab string) {
	if u.side.root.Hidden {
		u.toggleSide()
	}
	u.side.open(tab)
}

// toggleFull gives the whole window to the scene, or takes it back.
func (u *UI) toggleFull() {
	u.full = !u.full
	u.desk.tips.drop()
	setHidden(u.top.root, u.full)
	setHidden(u.film.root, u.full)
	setHidden(u.status.root, u.full)
	setHidden(u.side.root, u.full || u.memory.sideHidden())
	u.upper.Refresh()
	u.body.Refresh()
	u.win.Content().Refresh()
}

// setHidden shows or hides; asking for what is so costs nothing.
func setHidden(o fyne.CanvasObject, hidden bool) {
	switch {
	case hidden && o.Visible():
		o.Hide()
	case !hidden && !o.Visible():
		o.Show()
	}
}

func (u *UI) screenshot() {
	name := fmt.Sprintf("latco-%s.png", time.Now().Format("20060102-150405"))
	u.eng.Do(engine.Screenshot{Path: filepath.Join(u.opts.Pictures, name)})
}
