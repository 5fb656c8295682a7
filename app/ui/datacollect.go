package ui

import (
	"slices"
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// collectBox plays episodes of the present task in the background and keeps them.
type collectBox struct {
	root   *panel
	desk   *desk
	title  *text
	policy *choice
	number *entry
	start  *button
	stop   *button
	ask    *fyne.Container
	bar    *widget.ProgressBar
	going  *fyne.Container
	words  *text
}

const firstCollect = "20"

func newCollectBox(d *desk) *collectBox {
	b := &collectBox{desk: d, title: newBold(""), bar: widget.NewProgressBar(), words: newCaption("")}
	b.title.cut, b.words.cut = true, true
	b.policy = newChoice(d, nil, "Policy\nscripted: solves the task. mixed: successes, failures and wandering in turn, what training collects. random: a random action at every step.", nil)
	b.number = newEntry(d, "Episodes\nHow many are played and kept, in the background: a whole number from 1 to 100 000.", func(string) { b.read() })
	b.number.SetText(firstCollect)
	b.start = newButton(d, "Collect", theme.MediaRecordIcon(), "Collect episodes\nPlays this task as it is set, in the background, and keeps what was seen.", b.begin)
	b.start.Importance = widget.HighImportance
	b.stop = newButton(d, "Cancel", theme.MediaStopIcon(), "Stop collecting\nWhat has been collected so far stays.", func() { d.send(engine.StopCollecting{}) })
	b.ask = container.NewBorder(nil, nil, nil, b.start, container.New(layout.NewCustomPaddedHBoxLayout(6), middle(tight(width(92, b.policy))), middle(tight(width(52, b.number))), middle(newCaption("episodes"))))
	b.going = container.NewBorder(nil, nil, nil, tight(b.stop), middle(tight(b.bar)))
	body := container.New(layout.NewCustomPaddedVBoxLayout(5), b.title, b.ask, b.going, b.words)
	b.root = newPanel(colorEmpty, 7, false, container.New(layout.NewCustomPaddedLayout(8, 8, 10, 10), body))
	return b
}

// read is the number typed, and whether it is one.
func (b *collectBox) read() (int, bool) {
	n, err := strconv.Atoi(b.number.Text)
	ok := err == nil && n >= 1 && n <= 100_000
	b.words.color = colorMuted
	if !ok {
		b.words.color = theme.ColorNameError
		b.words.set(quoted(b.number.Text) + " is not a whole number from 1 to 100 000")
	} else {
		b.words.set("")
	}
	return n, ok
}

func (b *collectBox) begin() {
	if n, ok := b.read(); ok {
		b.desk.send(engine.CollectEpisodes{Policy: b.policy.Selected, Episodes: n})
	}
}

func (b *collectBox) show(s *engine.State) {
	b.title.set("Collect episodes of " + s.Task.Title)
	b.offer(s.Task.Policies)
	c := s.Data.Collect
	running := c != nil && c.Running
	hide(b.words, b.words.content == "")
	able := len(s.Task.Policies) > 0
	b.start.able(able && !running)
	setHidden(b.ask, running)
	setHidden(b.going, !running)
	if running {
		if at := float64(c.Done) / float64(max(c.Total, 1)); b.bar.Value != at {
			b.bar.SetValue(at)
		}
		b.title.set("Collecting, " + c.Policy + " policy")
		b.words.color = colorMuted
	}
	switch {
	case running || c != nil && c.Err != "":
		b.words.set(collectWords(c))
	case !able:
		b.words.set("nothing to drive: this scene has no actuators")
	}
}

// offer lists the policies of a task; the one that training collects with first.
func (b *collectBox) offer(policies []string) {
	if slices.Equal(b.policy.Options, policies) {
		return
	}
	b.policy.Options = slices.Clone(policies)
	b.policy.Selected = ""
	for _, best := range []string{"mixed", "random"} {
		if b.policy.Selected == "" && slices.Contains(policies, best) {
			b.policy.Selected = best
		}
	}
	b.policy.Refresh()
}
