package ui

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/ui/paint"
)

// curve is one line of a plot. X grows from point to point.
type curve struct {
	color fyne.ThemeColorName
	log   bool
	xy    []paint.Vec
	// low and high, as many as xy, bound the band around it; nil for none.
	low, high []float64
	dash      dash
	marks     bool // a dot at every point: they are few
	// level, if it is not 0, is drawn as a dashed line on the curve's scale.
	level float64
}

// dash tells lines apart besides their colour.
type dash uint8

const (
	solid dash = iota
	dashed
	dotted
)

// plot draws curves over a common x axis, each on a scale of its own that fills
// the height: what matters is the shape; the numbers stand in the legend. The
// pixels are reused, so a redraw leaves no garbage.
type plot struct {
	widget.BaseWidget
	curves  []curve
	shared  bool       // all curves have one scale
	bounds  [2]float64 // of that scale; equal: what the curves need
	rows    []float64  // grid lines of a shared scale; nil for quarters
	columns []float64  // grid lines at these x
	span    [2]float64 // of x, for plots above one another; equal: what the curves need
	cursor  float64    // x of the dashed vertical line; NaN for none
	height  float32
	onX     func(x float64) // pointed at, NaN when the mouse leaves

	raster *canvas.Raster
	buffer *image.RGBA
	pen    paint.Pen
	points []paint.Vec
	dashes []paint.Vec
	edges  [2][]paint.Vec
}

var _ desktop.Hoverable = (*plot)(nil)

func newPlot(height float32) *plot {
	p := &plot{height: height, cursor: math.NaN()}
	p.raster = newCrisp(p.draw)
	p.ExtendBaseWidget(p)
	return p
}

func (p *plot) set(curves []curve, cursor float64) {
	p.curves, p.cursor = curves, cursor
	p.raster.Refresh()
}

func (p *plot) draw(w, h int) image.Image {
	p.buffer = paint.Sized(p.buffer, w, h)
	paint.Fill(p.buffer, p.buffer.Rect, colorOf(colorEmpty, p))
	lo, hi := p.xRange()
	scale := float64(w) / max(float64(p.Size().Width), 1)
	p.grid(lo, hi, scale)
	for _, c := range p.curves {
		p.drawCurve(c, lo, hi, scale)
	}
	if !math.IsNaN(p.cursor) && hi > lo {
		x := int(float64(w-1) * (p.cursor - lo) / (hi - lo))
		paint.Dashes(p.buffer, x, 0, h, true, colorOf("foreground", p))
	}
	paint.Round(p.buffer, p.buffer.Rect, int(6*scale), colorOf(colorPanel, p))
	return p.buffer
}

// grid draws lines at the ticks, or at quarters of the height.
func (p *plot) grid(lo, hi, scale float64) {
	w, h := p.buffer.Rect.Dx(), p.buffer.Rect.Dy()
	ink := colorOf(colorLine, p)
	if p.rows == nil {
		for i := 1; i < 4; i++ {
			paint.Fill(p.buffer, image.Rect(0, i*h/4, w, i*h/4+1), ink)
		}
	} else if bottom, top, ok := p.axis(p.curves[0]); ok {
		margin := plotMargin * scale
		for _, v := range p.rows {
			y := int(float64(h) - margin - (float64(h)-2*margin)*(v-bottom)/(top-bottom))
			paint.Fill(p.buffer, image.Rect(0, y, w, y+1), ink)
		}
	}
	for _, v := range p.columns {
		x := int(float64(w-1) * (v - lo) / (hi - lo))
		paint.Fill(p.buffer, image.Rect(x, 0, x+1, h), ink)
	}
}

// plotMargin is kept free above and below the curves, in pixels of scale 1.
const plotMargin = 6

// axis is the scale on which a curve is drawn.
func (p *plot) axis(c curve) (bottom, top float64, ok bool) {
	if !p.shared {
		return yRange(c)
	}
	if p.bounds[0] < p.bounds[1] {
		return p.bounds[0], p.bounds[1], true
	}
	bottom, top = math.Inf(1), math.Inf(-1)
	for _, c := range p.curves {
		if lo, hi, some := yRange(c); some {
			bottom, top, ok = min(bottom, lo), max(top, hi), true
		}
	}
	return bottom, top, ok
}

func (p *plot) drawCurve(c curve, lo, hi, scale float64) {
	bottom, top, ok := p.axis(c)
	if !ok {
		return
	}
	w, h := float64(p.buffer.Rect.Dx()), float64(p.buffer.Rect.Dy())
	margin := plotMargin * scale
	at := func(y float64) float64 { return h - margin - (h-2*margin)*(c.y(y)-bottom)/(top-bottom) }
	p.points, p.edges[0], p.edges[1] = p.points[:0], p.edges[0][:0], p.edges[1][:0]
	for i, v := range c.xy {
		x := w / 2
		if hi > lo {
			x = (w - 1) * (v.X - lo) / (hi - lo)
		}
		p.points = append(p.points, paint.Vec{X: x, Y: at(v.Y)})
		if c.low != nil {
			p.edges[0] = append(p.edges[0], paint.Vec{X: x, Y: at(c.high[i])})
			p.edges[1] = append(p.edges[1], paint.Vec{X: x, Y: at(c.low[i])})
		}
	}
	ink := colorOf(c.color, p)
	paint.Band(p.buffer, p.buffer.Rect, p.edges[0], p.edges[1], ink, 48)
	if c.level > 0 {
		if y := at(c.level); y > 0 && y < h {
			paint.Dashes(p.buffer, 0, int(y), int(w), false, ink)
		}
	}
	p.line(c, scale, ink)
}

// line draws the curve through p.points.
func (p *plot) line(c curve, scale float64, ink color.RGBA) {
	line := p.points
	switch c.dash {
	case dashed:
		p.dashes = paint.Dashed(p.dashes[:0], line, 7*scale, 4*scale)
		line = p.dashes
	case dotted:
		p.dashes = paint.Dashed(p.dashes[:0], line, 1.5*scale, 3*scale)
		line = p.dashes
	}
	p.pen.Curve(p.buffer, p.buffer.Rect, line, 1.6*scale, ink)
	for i := range p.points {
		if c.marks || len(p.points) == 1 {
			p.pen.Curve(p.buffer, p.buffer.Rect, p.points[i:i+1], 4.5*scale, ink)
		}
	}
}

// y is a value on the curve's scale; what has no logarithm is not finite and
// breaks the line.
func (c *curve) y(v float64) float64 {
	if c.log {
		return math.Log10(v)
	}
	return v
}

// xRange is the range of x that is shown.
func (p *plot) xRange() (lo, hi float64) {
	if p.span[0] < p.span[1] {
		return p.span[0], p.span[1]
	}
	return xRange(p.curves)
}

func xRange(curves []curve) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, c := range curves {
		if n := len(c.xy); n > 0 {
			lo, hi = min(lo, c.xy[0].X), max(hi, c.xy[n-1].X)
		}
	}
	return lo, hi
}

// yRange is the range of the finite values on the curve's scale, never empty.
func yRange(c curve) (lo, hi float64, ok bool) {
	lo, hi = math.Inf(1), math.Inf(-1)
	stretch := func(v float64) {
		if y := c.y(v); !math.IsNaN(y) && !math.IsInf(y, 0) {
			lo, hi = min(lo, y), max(hi, y)
		}
	}
	for i, v := range c.xy {
		stretch(v.Y)
		if c.low != nil {
			stretch(c.low[i])
			stretch(c.high[i])
		}
	}
	if lo > hi {
		return 0, 0, false
	}
	if c.log && c.level > 0 {
		lo, hi = min(lo, math.Log10(c.level)), max(hi, math.Log10(c.level))
	}
	if hi-lo < 1e-9*max(1, math.Abs(hi)) {
		lo, hi = lo-1, hi+1
	}
	return lo, hi, true
}

func (p *plot) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }
func (p *plot) MouseMoved(e *desktop.MouseEvent) {
	if lo, hi := p.xRange(); p.onX != nil && hi >= lo {
		p.onX(lo + (hi-lo)*float64(e.Position.X/p.Size().Width))
	}
}
func (p *plot) MouseOut() {
	if p.onX != nil {
		p.onX(math.NaN())
	}
}

func (p *plot) MinSize() fyne.Size                  { return fyne.NewSize(120, p.height) }
func (p *plot) CreateRenderer() fyne.WidgetRenderer { return widget.NewSimpleRenderer(p.raster) }
