package ui

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
)

// trainCurves is the page with every curve of the run over the same axis. Pointing at
// a time puts the numbers there into the legends.
type trainCurves struct {
	root    *container.Scroll
	body    *fyne.Container
	parts   [4]bool // that are there
	axis    *choice
	log     *check
	losses  *chart
	toggles []*toggle
	names   *fyne.Container
	returns *outcomeChart
	success *outcomeChart
	none    *text
	seen    map[string][]engine.Point
	at      float64 // pointed at, NaN nowhere
}

// lossCurves are the terms of the loss: key in TrainView.Curves, how it is called,
// colour and explanation.
var lossCurves = []struct {
	key, name string
	color     fyne.ThemeColorName
	off       bool // not shown at first
	tip       string
}{
	{"total", "total", theme.ColorNameForeground, true, "Total loss\nThe weighted sum of all terms, which the optimiser makes smaller."},
	{"image", "image", colorViolation, false, "Image loss\n−log p(o | z): how badly the decoder paints what was seen."},
	{"reward", "reward", colorReturn, false, "Reward loss\n−log p(r | z): how badly the model predicts rewards."},
	{"kl", "KL", colorLambda, false, "KL loss\nKL(posterior ‖ prior), in nats: how far the prediction is from what the image then showed."},
	{"grad_norm", "gradient", colorMuted, true, "Gradient norm\nLength of the whole gradient before it is clipped."},
	{"global_kl", "global KL", colorSeries[4], false, "Global KL\nKL(posterior ‖ N(0, 1)), in nats: keeps the latent state near the origin."},
	{"overshooting_kl", "overshoot KL", colorSeries[3], false, "Latent overshooting\nKL(posterior ‖ open-loop prior) over all distances, in nats. PlaNet, Eq. 7."},
	{"overshooting_reward", "overshoot r", colorSeries[2], false, "Overshooting reward loss\n−log p(r | z) of open-loop predictions."},
}

func newTrainCurves(d *desk) *trainCurves {
	t := &trainCurves{at: math.NaN(), losses: newChart(128), none: newCaption("The curves appear with the first update.")}
	t.losses.own = true // a reward's loss is a thousandth of an image's
	t.axis = newAxisChoice(d, func(string) { t.draw() })
	t.log = newCheck(d, "log", "Logarithmic scale of the losses", func(bool) { t.draw() })
	t.log.Checked = true
	t.names = container.NewGridWithColumns(3)
	for _, c := range lossCurves {
		t.toggles = append(t.toggles, newToggle(d, c.color, c.tip+"\nA click shows or hides it.", !c.off, t.draw))
	}
	t.returns = newOutcomeChart(d, "return", "evaluation", 84, "Return\nΣ of the rewards of an episode that the model learns.")
	t.success = newOutcomeChart(d, "success", "evaluation_success", 62, "Success\nShare of the episodes in which the task was solved; of those collected, over the newest ten.")
	t.success.chart.plot.bounds = [2]float64{-0.02, 1.02}
	for _, p := range []*plot{t.losses.plot, t.returns.chart.plot, t.success.chart.plot} {
		p.onX = t.point
	}
	head := container.NewBorder(nil, nil, middle(newBold("Losses")), container.New(layout.NewCustomPaddedHBoxLayout(6), middle(tight(t.log)), middle(width(104, tight(t.axis)))))
	t.body = container.New(layout.NewCustomPaddedVBoxLayout(5), head, t.none, t.names, t.losses, t.returns.root, t.success.root)
	t.root = container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 10, 16, 16), t.body))
	t.draw()
	return t
}

// What curves can be drawn over.
const (
	overUpdates = "updates"
	overFrames  = "frames"
	overTime    = "time"
)

func newAxisChoice(d *desk, changed func(string)) *choice {
	c := newChoice(d, []string{overUpdates, overFrames, overTime}, "Axis\nCurves over gradient updates, simulator steps that the run collected, or hours of training.", changed)
	c.Selected = overUpdates
	return c
}

// place is where a point is on an axis; time is in seconds.
func place(p engine.Point, axis string) float64 {
	switch axis {
	case overFrames:
		return float64(p.Frames)
	case overTime:
		return p.WallS
	}
	return float64(p.Updates)
}

// axisUnit is the unit of an axis and how its numbers are written.
func axisUnit(axis string) (string, func(float64) string) {
	if axis == overTime {
		return "", func(s float64) string { return clockWords(time.Duration(s * float64(time.Second))) }
	}
	return axis, func(v float64) string { return whole(int(math.Round(v))) }
}

// clockWords are a time on an axis: 0, 40 s, 5 min, 1:30 h.
func clockWords(d time.Duration) string {
	d = d.Round(time.Second)
	switch {
	case d == 0:
		return "0"
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		if d%time.Minute == 0 {
			return fmt.Sprintf("%d min", int(d.Minutes()))
		}
		return fmt.Sprintf("%d:%02d min", int(d.Minutes()), int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d h", int(d.Hours()), int(d.Minutes())%60)
}

func (t *trainCurves) show(v engine.TrainView) {
	if grown(t.seen, v.Curves) {
		t.seen = v.Curves
		t.draw()
	}
}

func (t *trainCurves) point(x float64) {
	t.at = x
	t.draw()
}

// draw redraws everything.
func (t *trainCurves) draw() {
	axis := t.axis.Selected
	unit, words := axisUnit(axis)
	setHidden(t.none, len(t.seen["total"]) > 0)
	setHidden(t.losses, len(t.seen["total"]) == 0)
	var curves []curve
	var names []fyne.CanvasObject
	for i, c := range lossCurves {
		points := t.seen[c.key]
		if len(points) == 0 {
			continue
		}
		t.toggles[i].set(c.name + " " + figure(nearestPoint(points, t.at, axis).Y))
		names = append(names, t.toggles[i])
		if t.toggles[i].on {
			curves = append(curves, curve{color: c.color, log: t.log.Checked, xy: vectors(points, axis)})
		}
	}
	if !slices.Equal(names, t.names.Objects) {
		t.names.Objects = names
		t.names.Refresh()
	}
	span := spanOf(t.seen, axis)
	for _, p := range []*plot{t.losses.plot, t.returns.chart.plot, t.success.chart.plot} {
		p.span = span
	}
	t.losses.set(curves, t.at, unit, words)
	t.returns.draw(t.seen, t.at, axis)
	t.success.draw(t.seen, t.at, axis)
	if parts := [4]bool{t.none.Hidden, t.losses.Hidden, t.returns.root.Hidden, t.success.root.Hidden}; parts != t.parts {
		t.parts = parts
		t.root.Refresh()
	}
}

// spanOf is the part of an axis that all curves together need.
func spanOf(all map[string][]engine.Point, axis string) [2]float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, points := range all {
		if n := len(points); n > 0 {
			lo, hi = min(lo, place(points[0], axis)), max(hi, place(points[n-1], axis))
		}
	}
	return [2]float64{lo, hi}
}

// nearestPoint is the point at x, or the newest if that is nowhere.
func nearestPoint(points []engine.Point, x float64, axis string) engine.Point {
	best := points[len(points)-1]
	if math.IsNaN(x) {
		return best
	}
	for _, p := range points {
		if math.Abs(place(p, axis)-x) < math.Abs(place(best, axis)-x) {
			best = p
		}
	}
	return best
}

// grown reports whether any curve has other points than before.
func grown(before, now map[string][]engine.Point) bool {
	if len(before) != len(now) {
		return true
	}
	for k, points := range now {
		old := before[k]
		if len(old) != len(points) || len(points) > 0 && old[len(old)-1] != points[len(points)-1] {
			return true
		}
	}
	return false
}

func vectors(points []engine.Point, axis string) []paint.Vec {
	out := make([]paint.Vec, len(points))
	for i, p := range points {
		out[i] = paint.Vec{X: place(p, axis), Y: p.Y}
	}
	return out
}

// outcomeChart shows what episodes came to: those that were collected, and the means
// of evaluations with their 95 % intervals. In a run of several tasks each has a
// colour of its own.
type outcomeChart struct {
	root                 *fyne.Container
	chart                *chart
	legend               *fyne.Container
	desk                 *desk
	collected, evaluated string // names of the curves
	tip                  string
	toggles              map[string]*toggle
	redraw               func()
}

func newOutcomeChart(d *desk, collected, evaluated string, height float32, tip string) *outcomeChart {
	o := &outcomeChart{desk: d, chart: newChart(height), legend: container.NewGridWithColumns(2), collected: collected, evaluated: evaluated,
		tip: tip, toggles: map[string]*toggle{}, redraw: func() {}}
	title := newBold(strings.ToUpper(collected[:1]) + collected[1:])
	head := container.NewBorder(nil, nil, width(68, title), nil, o.legend)
	o.root = container.New(layout.NewCustomPaddedVBoxLayout(4), head, o.chart)
	o.root.Hide()
	return o
}

// draw shows the curves that there are.
func (o *outcomeChart) draw(all map[string][]engine.Point, at float64, axis string) {
	o.redraw = func() { o.draw(all, at, axis) }
	var curves []curve
	var names []fyne.CanvasObject
	tasks := map[string]int{}
	for _, key := range slices.Sorted(maps.Keys(all)) {
		kind, task, _ := strings.Cut(key, " ")
		if kind != o.collected && kind != o.evaluated {
			continue
		}
		if _, ok := tasks[task]; !ok {
			tasks[task] = len(tasks)
		}
		color := colorReal
		if task != "" {
			color = colorSeries[tasks[task]%len(colorSeries)]
		}
		points := all[key]
		t := o.toggles[key]
		if t == nil {
			t = newToggle(o.desk, color, o.tip, true, func() { o.redraw() })
			o.toggles[key] = t
		}
		t.color = color
		c := curve{color: color, xy: vectors(points, axis)}
		p := nearestPoint(points, at, axis)
		words := strings.TrimSpace("collected " + task)
		if kind == o.evaluated {
			words = strings.TrimSpace("evaluated " + task)
			c.marks = true
			for _, p := range points {
				c.low, c.high = append(c.low, p.Low), append(c.high, p.High)
			}
		} else {
			c.dash, t.dash = dotted, dotted
		}
		t.set(words + " " + o.number(p))
		names = append(names, t)
		if t.on {
			curves = append(curves, c)
		}
	}
	setHidden(o.root, len(names) == 0)
	if !slices.Equal(names, o.legend.Objects) {
		o.legend.Objects = names
		o.root.Refresh()
	}
	unit, words := axisUnit(axis)
	o.chart.set(curves, at, unit, words)
}

// number writes a value, with its interval if it has one.
func (o *outcomeChart) number(p engine.Point) string {
	if o.collected == "success" {
		if p.Low == p.High {
			return fmt.Sprintf("%.0f %%", 100*p.Y)
		}
		return fmt.Sprintf("%.0f %% (%.0f–%.0f)", 100*p.Y, 100*p.Low, 100*p.High)
	}
	if p.High > p.Low {
		return figure(p.Y) + " ± " + figure((p.High-p.Low)/2)
	}
	return figure(p.Y)
}
