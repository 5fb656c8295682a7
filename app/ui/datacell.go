package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// dataCell is one episode of the grid: its picture, its number, its return, and a mark
// if it was solved or cannot be read.
type dataCell struct {
	widget.BaseWidget
	grid    *dataGrid
	at      int // in the grid's list
	episode engine.DataEpisode
	thumb   engine.Thumb
	picture *canvas.Image
	number  *text
	tick    *text // of a solved one
	ret     *text
	broken  *text
	look    cellLook
	keys    fyne.KeyModifier // held at the last press
}

// cellLook is what of a cell depends on the choice.
type cellLook struct{ chosen, picked, focused bool }

var (
	_ fyne.Tappable          = (*dataCell)(nil)
	_ fyne.SecondaryTappable = (*dataCell)(nil)
	_ desktop.Hoverable      = (*dataCell)(nil)
	_ desktop.Mouseable      = (*dataCell)(nil)
)

const (
	thumbSide = 64
	cellPad   = 3
	cellWords = 17 // height below the picture
)

func newDataCell(g *dataGrid) *dataCell {
	c := &dataCell{grid: g, at: -1, number: newCaption(""), tick: newCaption("✓"), ret: newCaption(""), broken: newCaption("")}
	c.ret.align, c.ret.color = fyne.TextAlignTrailing, colorReturn
	c.tick.color, c.tick.bold = colorReal, true
	c.broken.align, c.broken.color = fyne.TextAlignCenter, theme.ColorNameError
	c.picture = canvas.NewImageFromImage(nil)
	c.picture.ScaleMode = canvas.ImageScaleSmooth
	c.picture.FillMode = canvas.ImageFillStretch
	c.picture.CornerRadius = 3
	c.ExtendBaseWidget(c)
	return c
}

// set shows an episode; what is so already costs nothing.
func (c *dataCell) set(at int, e engine.DataEpisode, t engine.Thumb, look cellLook) {
	c.at = at
	if c.thumb.Picture != t.Picture || c.thumb.Err != t.Err {
		c.picture.Image = image.Image(nil)
		if t.Picture != nil {
			c.picture.Image = t.Picture
		}
		c.broken.set(unless(t.Err == "", "damaged"))
		c.thumb = t
		c.picture.Hidden = t.Picture == nil
		c.picture.Refresh()
	}
	if c.episode.Number != e.Number {
		c.grid.desk.tips.drop() // it told of the one before
	}
	same := c.episode == e && c.look == look
	c.episode, c.look = e, look
	c.number.set(whole(e.Number))
	c.ret.set(unless(t.Err != "", figure(e.Return)))
	if !same {
		c.Refresh()
	}
}

func (c *dataCell) MouseDown(e *desktop.MouseEvent) { c.keys = e.Modifier }
func (c *dataCell) MouseUp(*desktop.MouseEvent)     {}

func (c *dataCell) Tapped(*fyne.PointEvent) {
	c.grid.press(c.at, c.keys)
	c.keys = 0
}

func (c *dataCell) TappedSecondary(e *fyne.PointEvent) { c.grid.menu(c.at, e.AbsolutePosition) }

func (c *dataCell) MouseIn(*desktop.MouseEvent) {
	c.grid.desk.tips.want(c, cellTip(c.episode, c.thumb))
}
func (c *dataCell) MouseMoved(*desktop.MouseEvent) {}
func (c *dataCell) MouseOut()                      { c.grid.desk.tips.drop() }

func (c *dataCell) CreateRenderer() fyne.WidgetRenderer {
	r := &dataCellRenderer{c: c, back: canvas.NewRectangle(nil), empty: canvas.NewRectangle(nil)}
	r.style()
	return r
}

type dataCellRenderer struct {
	c           *dataCell
	back, empty *canvas.Rectangle
}

func (r *dataCellRenderer) MinSize() fyne.Size {
	return fyne.NewSize(thumbSide+2*cellPad, thumbSide+cellPad+cellWords)
}

func (r *dataCellRenderer) Layout(size fyne.Size) {
	place := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	place(r.back, 0, 0, size.Width, size.Height)
	place(r.empty, cellPad, cellPad, thumbSide, thumbSide)
	place(r.c.picture, cellPad, cellPad, thumbSide, thumbSide)
	place(r.c.broken, cellPad, cellPad+thumbSide/2-8, thumbSide, 16)
	place(r.c.number, cellPad+1, cellPad+thumbSide, thumbSide-2, cellWords-2)
	place(r.c.ret, cellPad+1, cellPad+thumbSide, thumbSide-2, cellWords-2)
	tick := r.c.tick.MinSize().Width
	place(r.c.tick, cellPad+thumbSide-1-r.c.ret.MinSize().Width-2-tick, cellPad+thumbSide, tick, cellWords-2)
}

func (r *dataCellRenderer) style() {
	c := r.c
	r.empty.FillColor = theme.ColorForWidget(colorEmpty, c)
	r.empty.CornerRadius = 3
	c.tick.Hidden = !c.episode.Success || c.thumb.Err != ""
	r.back.CornerRadius = 5
	r.back.FillColor, r.back.StrokeColor, r.back.StrokeWidth = nil, nil, 0
	if c.look.picked {
		r.back.FillColor = theme.ColorForWidget(theme.ColorNameSelection, c)
	}
	if c.look.chosen {
		r.back.FillColor = theme.ColorForWidget(theme.ColorNameSelection, c)
		r.back.StrokeColor, r.back.StrokeWidth = theme.ColorForWidget(theme.ColorNamePrimary, c), 1
		if c.look.focused {
			r.back.StrokeWidth = 2
		}
	}
}

func (r *dataCellRenderer) Refresh() {
	r.style()
	r.Layout(r.c.Size())
	r.back.Refresh()
	r.empty.Refresh()
}

func (r *dataCellRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.empty, r.c.picture, r.c.broken, r.c.number, r.c.tick, r.c.ret}
}
func (r *dataCellRenderer) Destroy() {}
