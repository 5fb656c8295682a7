package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// mouseHelp is what the mouse does in the scene.
var mouseHelp = [][2]string{
	{"left drag", "orbit the camera"},
	{"right drag", "move the camera sideways"},
	{"wheel", "zoom"},
	{"double click", "pick a body: its name and pose are shown"},
	{"Ctrl + left drag", "pull a body, or move a goal; paused: put it there"},
	{"drop a file", "open a scene (.xml) or a model (.latco)"},
}

// help shows every key and what the mouse does.
func (u *UI) help() {
	keys, mouse := container.New(layout.NewFormLayout()), container.New(layout.NewFormLayout())
	line := func(to *fyne.Container, what, does string) {
		to.Add(newBold(what))
		to.Add(newText(does))
	}
	for _, s := range u.desk.keys.shortcuts {
		if s.label != "" {
			line(keys, s.label, s.help)
		}
	}
	for _, m := range mouseHelp {
		line(mouse, m[0], m[1])
	}
	closing := newCloser(u.desk, "Close")
	columns := container.New(layout.NewCustomPaddedHBoxLayout(40),
		container.NewVBox(newCaption("KEYS"), keys), container.NewVBox(newCaption("MOUSE IN THE SCENE"), mouse))
	body := container.NewBorder(newHeading("Help"), container.NewCenter(closing), nil, nil,
		container.New(layout.NewCustomPaddedLayout(12, 14, 0, 0), columns))
	pop := widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(14, 10, 20, 20), body), u.win.Canvas())
	closing.OnTapped = pop.Hide
	pop.Show()
	u.win.Canvas().Focus(closing)
}
