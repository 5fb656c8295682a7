package ui

import (
	"bytes"
	"image"
	"image/png"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources"
)

// card is one task in the browser: its picture, its title and what comes with it.
type card struct {
	widget.BaseWidget
	of      *browser
	task    engine.TaskInfo
	words   string // in lower case, to be searched
	picture *canvas.Image
	title   *text
	facts   *text
	marked  bool
	now     bool // the task on the stage
}

var (
	_ fyne.Tappable     = (*card)(nil)
	_ desktop.Hoverable = (*card)(nil)
)

func newCard(b *browser, name string) *card {
	c := &card{of: b, title: newBold(""), facts: newCaption("")}
	c.title.cut, c.facts.cut = true, true
	c.picture = canvas.NewImageFromImage(taskPicture(name))
	c.picture.CornerRadius = 5
	c.picture.ScaleMode = canvas.ImageScaleSmooth
	c.ExtendBaseWidget(c)
	return c
}

// taskPicture is the picture of a task; a scene without one is grey.
func taskPicture(name string) image.Image {
	if p, err := png.Decode(bytes.NewReader(resources.Picture(name))); err == nil {
		return p
	}
	grey := image.NewRGBA(image.Rect(0, 0, 8, 5))
	for i := range grey.Pix {
		grey.Pix[i] = 0x80
	}
	return grey
}

func (c *card) set(t engine.TaskInfo, now bool) {
	c.task, c.now = t, now
	c.words = strings.ToLower(strings.Join([]string{t.Name, t.Title, t.Summary, groupTitle(t.Group), rewardWords(t)}, " "))
	c.title.set(t.Title)
	c.facts.set(cardWords(t, now))
}

// cardWords are what comes with a task, shortly.
func cardWords(t engine.TaskInfo, now bool) string {
	var words []string
	if now {
		words = append(words, "open now")
	}
	if t.Model != "" {
		words = append(words, "model")
	}
	if len(t.Policies) > 0 && t.Policies[0] == "scripted" {
		words = append(words, "script")
	}
	if t.Sparse {
		words = append(words, "sparse")
	}
	if len(words) == 0 {
		words = append(words, observationWords(t))
	}
	return strings.Join(words, " · ")
}

func (c *card) matches(words []string) bool {
	for _, w := range words {
		if !strings.Contains(c.words, w) {
			return false
		}
	}
	return true
}

func (c *card) highlight(on bool) {
	if c.marked != on {
		c.marked = on
		c.Refresh()
	}
}

func (c *card) Tapped(*fyne.PointEvent)        { c.of.open(c.task.Name) }
func (c *card) MouseIn(*desktop.MouseEvent)    { c.of.point(c) }
func (c *card) MouseMoved(*desktop.MouseEvent) { c.of.point(c) }
func (c *card) MouseOut()                      {}

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	r := &cardRenderer{c: c, back: canvas.NewRectangle(nil)}
	r.style()
	return r
}

type cardRenderer struct {
	c    *card
	back *canvas.Rectangle
}

func (r *cardRenderer) MinSize() fyne.Size { return fyne.NewSize(cardWidth, cardHeight(cardWidth)) }

func (r *cardRenderer) Layout(size fyne.Size) {
	const inset, side = 4, 9
	r.back.Resize(size)
	h := size.Height - cardText
	r.c.picture.Move(fyne.NewPos(inset, inset))
	r.c.picture.Resize(fyne.NewSize(size.Width-2*inset, h-inset))
	r.c.title.Move(fyne.NewPos(side, h+4))
	r.c.title.Resize(fyne.NewSize(size.Width-2*side, 18))
	r.c.facts.Move(fyne.NewPos(side, h+21))
	r.c.facts.Resize(fyne.NewSize(size.Width-2*side, 16))
}

func (r *cardRenderer) style() {
	r.back.FillColor = theme.ColorForWidget(colorEmpty, r.c)
	r.back.StrokeColor = theme.ColorForWidget(colorLine, r.c)
	r.back.StrokeWidth, r.back.CornerRadius = 1, 8
	if r.c.marked {
		r.back.FillColor = theme.ColorForWidget(theme.ColorNameButton, r.c)
		r.back.StrokeColor = theme.ColorForWidget(theme.ColorNamePrimary, r.c)
		r.back.StrokeWidth = 2
	}
}

func (r *cardRenderer) Refresh() {
	r.style()
	r.back.Refresh()
}

func (r *cardRenderer) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{r.back, r.c.picture, r.c.title, r.c.facts}
}
func (r *cardRenderer) Destroy() {}
