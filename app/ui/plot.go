package ui

import (
	"image"
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
	// level, if it is not 0, is drawn as a dashed line on the curve's scale.
	level float64
}

// plot draws curves over a common x axis, each on a scale of its own that fills
// the height: what matters is the shape; the numbers stand in the legend. The
// pixels are reused, so a redraw leaves no garbage.
type plot struct {
	widget.BaseWidget
	curves []curve
	cursor float64 // x of the dashed vertical line; NaN for none
	height float32
	onX    func(x float64) // pointed at, NaN when the mouse leaves

	raster *canvas.Raster
	buffer *image.RGBA
	pen    paint.Pen
	points []paint.Vec
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
	grid := colorOf(colorLine, p)
	for i := 1; i < 4; i++ {
		y := i * h / 4
		paint.Fill(p.buffer, image.Rect(0, y, w, y+1), grid)
	}
	lo, hi := xRange(p.curves)
	scale := float64(w) / max(float64(p.Size().Width), 1)
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

func (p *plot) drawCurve(c curve, lo, hi, scale float64) {
	bottom, top, ok := yRange(c)
	if !ok {
		return
	}
	w, h := float64(p.buffer.Rect.Dx()), float64(p.buffer.Rect.Dy())
	margin := 6 * scale
	at := func(y float64) float64 { return h - margin - (h-2*margin)*(c.y(y)-bottom)/(top-bottom) }
	p.points = p.points[:0]
	for _, v := range c.xy {
		x := w / 2
		if hi > lo {
			x = (w - 1) * (v.X - lo) / (hi - lo)
		}
		p.points = append(p.points, paint.Vec{X: x, Y: at(v.Y)})
	}
	ink := colorOf(c.color, p)
	if c.level > 0 {
		if y := at(c.level); y > 0 && y < h {
			paint.Dashes(p.buffer, 0, int(y), int(w), false, ink)
		}
	}
	p.pen.Curve(p.buffer, p.buffer.Rect, p.points, 1.6*scale, ink)
}

// y is a value on the curve's scale; what has no logarithm is not finite and
// breaks the line.
func (c *curve) y(v float64) float64 {
	if c.log {
		return math.Log10(v)
	}
	return v
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
	for _, v := range c.xy {
		if y := c.y(v.Y); !math.IsNaN(y) && !math.IsInf(y, 0) {
			lo, hi = min(lo, y), max(hi, y)
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
	if lo, hi := xRange(p.curves); p.onX != nil && hi >= lo {
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
