package ui

import (
	"math"

	"fyne.io/fyne/v2"
)

// shelfLayout puts cards into columns of equal width, and whatever is no card, the
// captions of groups, on a line of its own.
type shelfLayout struct{ width float32 }

const (
	shelfGap     = 10
	shelfCaption = 26  // height of a caption
	cardWidth    = 196 // least width
	cardText     = 42  // height below the picture
)

// cardHeight of a card of some width: the picture is 8 to 5.
func cardHeight(width float32) float32 { return width*5/8 + cardText }

func (l *shelfLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	w := max(l.width, cardWidth)
	return fyne.NewSize(cardWidth, l.arrange(o, w, func(fyne.CanvasObject, fyne.Position, fyne.Size) {}))
}

func (l *shelfLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l.width = size.Width
	l.arrange(o, size.Width, func(c fyne.CanvasObject, at fyne.Position, s fyne.Size) {
		c.Move(at)
		c.Resize(s)
	})
}

// arrange places objects and returns the height they take.
func (l *shelfLayout) arrange(o []fyne.CanvasObject, width float32, place func(fyne.CanvasObject, fyne.Position, fyne.Size)) float32 {
	columns := max(1, int((width+shelfGap)/(cardWidth+shelfGap)))
	w := (width - float32(columns-1)*shelfGap) / float32(columns)
	h := cardHeight(w)
	var y float32
	column := 0
	for _, c := range o {
		if _, ok := c.(*card); !ok {
			if column > 0 {
				y += h + shelfGap
			}
			place(c, fyne.NewPos(2, y), fyne.NewSize(width, shelfCaption))
			y, column = y+shelfCaption, 0
			continue
		}
		if column == columns {
			y, column = y+h+shelfGap, 0
		}
		place(c, fyne.NewPos(float32(column)*(w+shelfGap), y), fyne.NewSize(w, h))
		column++
	}
	if column > 0 {
		y += h + shelfGap
	}
	return y
}

// neighbour is the index of the object next to number at in the direction of an
// arrow key. Left and right follow the order, up and down the columns.
func neighbour(o []fyne.CanvasObject, at int, key fyne.KeyName) int {
	switch key {
	case fyne.KeyLeft:
		return max(at-1, 0)
	case fyne.KeyRight:
		return min(at+1, len(o)-1)
	}
	from, best, cost := o[at].Position(), at, math.Inf(1)
	for i, c := range o {
		dy := float64(c.Position().Y - from.Y)
		if key == fyne.KeyUp {
			dy = -dy
		}
		if dy <= 0 {
			continue
		}
		if d := 1000*dy + math.Abs(float64(c.Position().X-from.X)); d < cost {
			best, cost = i, d
		}
	}
	return best
}
