package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"
)

// ask shows a question before something is lost. yes names what is done then; with ""
// there is nothing to decide and the question is an answer. Esc and Enter leave
// everything as it is, Tab goes to the other button.
func ask(d *desk, title, words, yes string, do func()) {
	const askWidth = 420
	text := widget.NewLabel(words)
	text.Wrapping = fyne.TextWrapWord
	var pop *widget.PopUp
	no := newAnswer(d, "Keep", func() { pop.Hide() }, func() { pop.Hide() })
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(8), layout.NewSpacer(), no)
	if yes == "" {
		no.Text = "Close"
	} else {
		doIt := newAnswer(d, yes, func() { pop.Hide(); do() }, func() { pop.Hide() })
		doIt.Importance = widget.DangerImportance
		buttons.Add(doIt)
	}
	body := container.New(layout.NewCustomPaddedVBoxLayout(8), inset(newHeading(title)), text, buttons)
	pop = widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(14, 14, 16, 16), width(askWidth, body)), d.canvas)
	d.tips.drop()
	pop.Show()
	pop.Resize(pop.MinSize())
	d.canvas.Focus(no)
}

// answer is a button of a question.
type answer struct {
	button
	leave func()
}

func newAnswer(d *desk, label string, do, leave func()) *answer {
	a := &answer{leave: leave}
	a.desk, a.Text, a.OnTapped = d, label, do
	a.ExtendBaseWidget(a)
	return a
}

func (a *answer) TypedRune(rune) {}
func (a *answer) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		a.leave()
	case fyne.KeySpace, fyne.KeyReturn, fyne.KeyEnter:
		a.Tapped(nil)
	}
}
