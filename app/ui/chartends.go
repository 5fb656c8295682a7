package ui

import (
	"math"

	"fyne.io/fyne/v2"
)

// labelEnds writes where the own scales of curves end, the tops first, in the colours
// of the curves.
func (r *chartRenderer) labelEnds() {
	c, n := r.c, 0
	for _, top := range [...]bool{true, false} {
		for _, curve := range c.plot.curves {
			lo, hi, ok := yRange(curve)
			if !ok || c.plot.shared {
				continue
			}
			v := lo
			if top {
				v = hi
			}
			if curve.log {
				v = math.Pow(10, v)
			}
			r.ends = c.write(r.ends, n, plain(rounded(v, 3)), curve.color)
			n++
		}
	}
	r.ends = r.ends[:n]
}

// layoutEnds puts them below one another at the top, and above the bottom, in the
// order of the legend, as many as there is room for.
func (r *chartRenderer) layoutEnds(inner fyne.Size) {
	n := len(r.ends) / 2
	for i, t := range r.ends {
		m := t.MinSize()
		step := m.Height - 2 // figures have nothing below the line
		room := int(inner.Height / 2 / step)
		y := float32(i) * step
		if i >= n {
			y = inner.Height - float32(min(n, room)-(i-n))*step
		}
		setHidden(t, i%max(n, 1) >= room)
		t.Move(fyne.NewPos(chartLeft-6-m.Width, y))
	}
}
