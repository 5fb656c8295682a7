package ui

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// chart is a plot with numbers along both axes. Its curves share a scale, or each has
// one of its own, the ends of which are then written in its colour.
type chart struct {
	widget.BaseWidget
	plot *plot
	unit string // of x, behind its last number
	xs   func(v float64) string
	log  bool
	own  bool // scales

	renderer *chartRenderer
}

func newChart(height float32) *chart {
	c := &chart{plot: newPlot(height), xs: func(v float64) string { return plain(v) }}
	c.plot.shared = true
	c.ExtendBaseWidget(c)
	return c
}

// set shows curves. unit is that of x, and xs writes a number of it.
func (c *chart) set(curves []curve, cursor float64, unit string, xs func(float64) string) {
	c.unit, c.xs = unit, xs
	c.log = len(curves) > 0 && curves[0].log
	c.plot.curves = curves
	c.plot.shared = !c.own || len(curves) == 1
	lo, hi := c.plot.xRange()
	c.plot.columns = nil
	if hi > lo {
		c.plot.columns = ticks(lo, hi, 5)
	}
	c.plot.rows = nil
	if bottom, top, ok := c.scale(); ok && c.plot.shared {
		if c.plot.rows = ticks(bottom, top, 4); c.log {
			c.plot.rows = logTicks(bottom, top, 4)
		}
	}
	c.plot.set(curves, cursor)
	if c.renderer != nil {
		c.renderer.label()
		c.renderer.Layout(c.Size())
		canvas.Refresh(c)
	}
}

// scale is that of y.
func (c *chart) scale() (bottom, top float64, ok bool) {
	if len(c.plot.curves) == 0 {
		return 0, 0, false
	}
	return c.plot.axis(c.plot.curves[0])
}

// Room for the numbers.
const (
	chartLeft  = 46
	chartBelow = 17
)

func (c *chart) CreateRenderer() fyne.WidgetRenderer {
	c.renderer = &chartRenderer{c: c}
	c.renderer.label()
	return c.renderer
}

type chartRenderer struct {
	c      *chart
	rows   []*canvas.Text
	column []*canvas.Text
	ends   []*canvas.Text // the top of each curve's own scale, then the bottom
}

func (r *chartRenderer) MinSize() fyne.Size {
	m := r.c.plot.MinSize()
	return fyne.NewSize(m.Width+chartLeft, m.Height+chartBelow)
}

// label writes the numbers anew.
func (r *chartRenderer) label() {
	c := r.c
	for i, v := range c.plot.rows {
		if c.log {
			v = math.Pow(10, v)
		}
		r.rows = c.write(r.rows, i, short(v), colorMuted)
	}
	r.rows = r.rows[:len(c.plot.rows)]
	for i, v := range c.plot.columns {
		s := c.xs(v)
		if i == len(c.plot.columns)-1 && c.unit != "" {
			s += " " + c.unit
		}
		r.column = c.write(r.column, i, s, colorMuted)
	}
	r.column = r.column[:len(c.plot.columns)]
	r.labelEnds()
}

// write sets text i of a list, which may be the next one.
func (c *chart) write(list []*canvas.Text, i int, s string, color fyne.ThemeColorName) []*canvas.Text {
	if i == len(list) {
		list = append(list, canvas.NewText("", nil))
	}
	list[i].Text = s
	list[i].Color = theme.ColorForWidget(color, c)
	list[i].TextSize = theme.SizeForWidget(theme.SizeNameCaptionText, c) - 1
	return list
}

func (r *chartRenderer) Layout(size fyne.Size) {
	c := r.c
	inner := fyne.NewSize(max(1, size.Width-chartLeft), max(1, size.Height-chartBelow))
	c.plot.Move(fyne.NewPos(chartLeft, 0))
	c.plot.Resize(inner)
	if bottom, top, ok := c.scale(); ok {
		for i, v := range c.plot.rows {
			y := inner.Height - plotMargin - (inner.Height-2*plotMargin)*float32((v-bottom)/(top-bottom))
			m := r.rows[i].MinSize()
			r.rows[i].Move(fyne.NewPos(chartLeft-6-m.Width, min(max(y-m.Height/2, 0), inner.Height-m.Height)))
		}
	}
	r.layoutEnds(inner)
	lo, hi := c.plot.xRange()
	for i, v := range c.plot.columns {
		x := chartLeft + inner.Width*float32((v-lo)/(hi-lo))
		m := r.column[i].MinSize()
		r.column[i].Move(fyne.NewPos(min(max(x-m.Width/2, chartLeft), size.Width-m.Width), inner.Height+2))
	}
}

func (r *chartRenderer) Refresh() {
	r.label()
	r.Layout(r.c.Size())
	r.c.plot.Refresh()
	canvas.Refresh(r.c)
}

func (r *chartRenderer) Objects() []fyne.CanvasObject {
	objects := []fyne.CanvasObject{r.c.plot}
	for _, t := range r.rows {
		objects = append(objects, t)
	}
	for _, t := range slices.Concat(r.column, r.ends) {
		objects = append(objects, t)
	}
	return objects
}
func (r *chartRenderer) Destroy() {}
