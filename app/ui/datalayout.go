package ui

import "fyne.io/fyne/v2"

// dataLayout puts the episodes between what chooses them and the player. Where there is
// little height the player becomes smaller, so that a row of episodes stays in sight.
type dataLayout struct{ player *episodePlayer }

const (
	roomyData = 440 // height from which on the player has its full size
	leastGrid = 60  // height of the episodes
)

func (l dataLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	head, foot := o[0].MinSize(), o[2].MinSize()
	return fyne.NewSize(max(head.Width, o[1].MinSize().Width, foot.Width), head.Height+leastGrid+foot.Height)
}

func (l dataLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.player.compact(size.Height < roomyData)
	head, foot := o[0].MinSize().Height, float32(0)
	if o[2].Visible() {
		foot = o[2].MinSize().Height
	}
	y := float32(0)
	for i, h := range []float32{head, max(0, size.Height-head-foot), foot} {
		o[i].Move(fyne.NewPos(0, y))
		o[i].Resize(fyne.NewSize(size.Width, h))
		y += h
	}
}
