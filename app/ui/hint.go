package ui

import "fyne.io/fyne/v2/driver/desktop"

// hint is a line of text that explains itself when pointed at.
type hint struct {
	text
	desk *desk
	tip  string
}

var _ desktop.Hoverable = (*hint)(nil)

func newHint(d *desk, content, tip string) *hint {
	h := &hint{desk: d, tip: tip}
	h.text = text{content: content, color: colorMuted, size: "text", cut: true}
	h.ExtendBaseWidget(h)
	return h
}

func (h *hint) MouseIn(*desktop.MouseEvent)    { h.desk.tips.want(h, h.tip) }
func (h *hint) MouseMoved(*desktop.MouseEvent) {}
func (h *hint) MouseOut()                      { h.desk.tips.drop() }
