package ui

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latco-studio/latco/app/engine"
)

// bindKeys fills the key map. The help overlay is written from it.
func (u *UI) bindKeys() {
	k := u.desk.keys
	k.blocked = func() bool { return u.win.Canvas().Overlays().Top() != nil }
	bar, film, plan := u.scene.bar, u.film, u.side.plan
	add := func(label, help string, names []fyne.KeyName, runes string, do func()) {
		k.shortcuts = append(k.shortcuts, shortcut{label: label, help: help, names: names, runes: []rune(runes), do: do})
	}
	named := func(n ...fyne.KeyName) []fyne.KeyName { return n }

	add("P", "plan from the present state", nil, "pP", plan.plan.press)
	add("Enter", "run in closed loop to the end of the episode", named(fyne.KeyReturn, fyne.KeyEnter), "", plan.run.press)
	add("W", "watch the task's own policy, or stop", nil, "wW", u.toggleWatch)
	add("Esc", "stop planning, running and watching", named(fyne.KeyEscape), "", u.escape)
	add("1 – 9", "choose a planner", nil, "", nil)
	for i := range 9 {
		k.shortcuts = append(k.shortcuts, shortcut{runes: []rune(strconv.Itoa(i + 1)), do: func() { u.top.planners.choose(i) }})
	}
	add("B", "browse the tasks", nil, "bB", u.browse)
	add("Ctrl+O", "open a scene from an MJCF file", nil, "", nil)
	add("G", "scene: settings, bookmarks", nil, "gG", u.scene.toggleDrawer)
	add("M", "keep this state as a bookmark", nil, "mM", func() { u.eng.Do(engine.SaveBookmark{}) })
	add("Space", "pause or continue the scene", named(fyne.KeySpace), "", bar.toggle)
	add("→", "one control step", named(fyne.KeyRight), "", bar.stepOnce)
	add("R", "same start again", nil, "r", bar.reset)
	add("Shift+R", "new random start", nil, "R", bar.newStart)
	add("T", "train, pause training, go on", nil, "tT", u.side.train.toggle)
	add("D", "recorded episodes: the Data tab", nil, "dD", func() { u.showSide(tabData) })
	add("[  ]", "iteration back and forth", nil, "[", func() { film.track.seek(film.track.at - 1) })
	add("Shift+[  Shift+]", "by ten iterations", nil, "{", func() { film.track.seek(film.track.at - 10) })
	k.shortcuts = append(k.shortcuts,
		shortcut{runes: []rune("]"), do: func() { film.track.seek(film.track.at + 1) }},
		shortcut{runes: []rune("}"), do: func() { film.track.seek(film.track.at + 10) }},
		shortcut{runes: []rune("."), do: func() { film.strip.move(1) }})
	add(",  .", "column of the film strip back and forth", nil, ",", func() { film.strip.move(-1) })
	add("C", "next camera", nil, "cC", func() { u.eng.Do(engine.NextCamera{}) })
	add("S", "screenshot of the scene", nil, "sS", u.screenshot)
	add("F", "full scene and back", nil, "fF", u.toggleFull)
	add("F1  ?", "this help", named(fyne.KeyF1), "?", u.help)

	k.opens = u.openScene
	u.win.Canvas().AddShortcut(openShortcut, func(fyne.Shortcut) { u.openScene() })
	u.win.Canvas().SetOnTypedKey(k.typedKey)
	u.win.Canvas().SetOnTypedRune(k.typedRune)
}

// openShortcut is Ctrl+O.
var openShortcut = &desktop.CustomShortcut{KeyName: fyne.KeyO, Modifier: fyne.KeyModifierControl}

// escape leaves the full scene first; then it stops.
func (u *UI) escape() {
	if u.full {
		u.toggleFull()
		return
	}
	u.eng.Do(engine.Stop{})
}
