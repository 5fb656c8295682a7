package ui

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"

	"github.com/latco-studio/latco/app/ui/paint"
	"github.com/latco-studio/latco/planning"
)

// stripPainter draws the film strip into a reused image. Frames that have not
// changed since the last time are not drawn again.
type stripPainter struct {
	image  *image.RGBA
	scaler paint.Scaler
	drawn  map[image.Point]*image.RGBA // what is where, by top left corner
}

// stripInk is the colours of one appearance.
type stripInk struct {
	back, empty, line, lambda, real color.RGBA
}

func inkFor(w fyne.Widget) stripInk {
	return stripInk{colorOf(colorPanel, w), colorOf(colorEmpty, w), colorOf(colorLine, w), colorOf(colorLambda, w), colorOf(colorReal, w)}
}

// reset forgets what is drawn: after a change of size, appearance or layout.
func (p *stripPainter) reset(w, h int, ink stripInk) {
	p.image = paint.Sized(p.image, w, h)
	paint.Fill(p.image, p.image.Rect, ink.back)
	p.drawn = make(map[image.Point]*image.RGBA)
}

// frames draws one row of pictures; where there is none, an empty frame.
func (p *stripPainter) frames(l *stripLayout, top int, pictures []*image.RGBA, ink stripInk) {
	for i, t := range l.steps {
		var picture *image.RGBA
		if t < len(pictures) {
			picture = pictures[t]
		}
		r := l.frame(i, top, l.side)
		if was, ok := p.drawn[r.Min]; ok && was == picture {
			continue
		}
		p.drawn[r.Min] = picture
		if picture == nil {
			paint.Fill(p.image, r, ink.empty)
		} else {
			p.scaler.Draw(p.image, r, picture)
		}
		paint.Round(p.image, r, int(3*l.scale), ink.back)
	}
}

// violations draws the cells of an iterate: cividis on a log scale, and a notch
// in the upper edge of every cell above the threshold.
func (p *stripPainter) violations(l *stripLayout, it *planning.Iteration, threshold float64, ink stripInk) {
	scale := violationScale(threshold)
	for i := range l.steps {
		r := l.frame(i, l.violation, l.violationHeight)
		v, ok := strongest(l, i, it, func(it *planning.Iteration) []float64 { return it.DynViolation })
		if !ok {
			paint.Fill(p.image, r, ink.empty)
		} else {
			paint.Fill(p.image, r, paint.Cividis(scale.At(v)))
		}
		paint.Round(p.image, r, int(2*l.scale), ink.back)
		if ok && threshold > 0 && v > threshold {
			notch(p.image, r, l.scale, ink.back)
		}
	}
}

// violationScale reaches two decades below the threshold and four above it.
func violationScale(threshold float64) paint.LogScale {
	if threshold <= 0 {
		threshold = 1e-4
	}
	return paint.LogScale{Min: threshold * 1e-2, Max: threshold * 1e4}
}

// notch cuts a small triangle out of the upper edge.
func notch(dst *image.RGBA, r image.Rectangle, scale float64, c color.RGBA) {
	depth := max(int(4*scale), 2)
	middle := (r.Min.X + r.Max.X) / 2
	for j := range depth {
		half := depth - 1 - j
		paint.Fill(dst, image.Rect(middle-half, r.Min.Y+j, middle+half+1, r.Min.Y+j+1), c)
	}
}

// lambdas draws the multipliers as bars on a common log scale.
func (p *stripPainter) lambdas(l *stripLayout, it *planning.Iteration, ink stripInk) {
	scale := lambdaScale(it)
	for i := range l.steps {
		r := l.frame(i, l.lambda, l.lambdaHeight)
		paint.Fill(p.image, r, ink.back)
		v, ok := strongest(l, i, it, func(it *planning.Iteration) []float64 { return it.Lambda })
		if !ok {
			continue
		}
		bar := max(int(math.Round(scale.At(v)*float64(l.lambdaHeight))), int(l.scale))
		paint.Fill(p.image, image.Rect(r.Min.X, r.Max.Y-bar, r.Max.X, r.Max.Y), ink.lambda)
	}
}

// lambdaScale spans the multipliers of the iterate, at least from 1/10 to 10
// around their start at 1.
func lambdaScale(it *planning.Iteration) paint.LogScale {
	s := paint.LogScale{Min: 0.1, Max: 10}
	if it != nil {
		s.Max = max(s.Max, largest(it.Lambda))
	}
	return s
}

// strongest is the largest value of the transitions that lead into column i.
// Transition t leads from state t to state t+1, so state 0 has none.
func strongest(l *stripLayout, i int, it *planning.Iteration, of func(*planning.Iteration) []float64) (float64, bool) {
	if it == nil {
		return 0, false
	}
	values := of(it)
	from, to := l.span(i)
	from, to = max(from-1, 0), min(to, len(values))
	if from >= to {
		return 0, false
	}
	return largest(values[from:to]), true
}
