package ui

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// runViewer lays runs side by side: one curve of each over a common axis, the
// settings in which they differ, and the time-lapse of one of them.
type runViewer struct {
	desk      *desk
	pop       *widget.PopUp // nil while closed
	title     *text
	curve     *choice
	axis      *choice
	log       *check
	legend    *fyne.Container
	above     *fyne.Container // of the chart
	left      *fyne.Container
	toggles   []*toggle
	chart     *chart
	table     *fyne.Container
	lapse     *choice // of which run
	lapses    fyne.CanvasObject
	foresight *foresight
	wait      *text
	names     []string
	of        *engine.RunComparison
	at        float64
}

// curveTitles are how curves are called, in the order of a menu.
var curveTitles = []struct{ key, title string }{
	{"evaluation", "evaluation: return"}, {"evaluation_success", "evaluation: success"}, {"return", "collected: return"}, {"success", "collected: success"},
	{"total", "total loss"}, {"image", "image loss"}, {"reward", "reward loss"}, {"kl", "KL loss"}, {"grad_norm", "gradient norm"},
	{"global_kl", "global KL"}, {"overshooting_kl", "overshooting KL"}, {"overshooting_reward", "overshooting reward loss"},
}

const runViewerWidth, runViewerHeight = 1240, 800

func newRunViewer(d *desk) *runViewer {
	v := &runViewer{desk: d, title: newBold(""), legend: container.NewGridWithColumns(3), chart: newChart(260), at: math.NaN(),
		table: container.New(layout.NewCustomPaddedVBoxLayout(3)), foresight: newForesight(d), wait: newCaption("Reading the curves …")}
	v.title.size = theme.SizeNameSubHeadingText
	v.curve = newChoice(d, nil, "Curve\nWhich one is drawn, of every run", func(string) { v.draw() })
	v.axis = newAxisChoice(d, func(string) { v.draw() })
	v.log = newCheck(d, "log", "Logarithmic scale", func(bool) { v.draw() })
	v.lapse = newChoice(d, nil, "Time-lapse\nOf which run", func(string) { v.lapsed() })
	v.lapses = tight(v.lapse)
	v.chart.plot.onX = func(x float64) { v.at = x; v.draw() }
	return v
}

// open asks for runs and shows them when they have been read.
func (v *runViewer) open(names []string) {
	v.names = slices.Clone(names)
	v.of = nil
	v.desk.send(engine.PlotRuns{Names: v.names})
	v.popUp()
	v.draw()
}

func (v *runViewer) popUp() {
	if v.pop != nil {
		return
	}
	v.title.set(unless(len(v.names) != 1, "Run "+v.names[0]) + unless(len(v.names) == 1, fmt.Sprintf("%d runs compared", len(v.names))))
	shut := newCloser(v.desk, "")
	shut.Icon, shut.Importance, shut.OnTapped, shut.tip = theme.CancelIcon(), widget.LowImportance, v.hide, "Close (Esc)"
	row := container.New(layout.NewCustomPaddedHBoxLayout(8), middle(width(190, tight(v.curve))), middle(newCaption("over")), middle(width(110, tight(v.axis))), middle(tight(v.log)))
	head := container.NewBorder(nil, nil, v.title, shut)
	v.above = container.New(layout.NewCustomPaddedVBoxLayout(6), row, v.legend, v.wait)
	settings := container.NewBorder(container.New(layout.NewCustomPaddedLayout(8, 4, 0, 0), newBold("Settings that differ")), nil, nil, nil, container.NewVScroll(v.table))
	v.left = container.NewBorder(v.above, nil, nil, nil, v.chart)
	left := container.NewVSplit(v.left, settings)
	left.Offset = 0.66
	right := container.NewVScroll(container.New(layout.NewCustomPaddedVBoxLayout(6), newBold("Prediction"), v.lapses, v.foresight.root))
	body := container.NewBorder(container.New(layout.NewCustomPaddedLayout(0, 10, 0, 0), head), nil, nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 16, 0), width(340, right)), left)
	v.pop = widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(12, 12, 16, 16), body), v.desk.canvas)
	room := v.desk.canvas.Size()
	v.pop.Resize(fyne.NewSize(min(runViewerWidth, room.Width-browserMargin), min(runViewerHeight, room.Height-browserMargin)))
	v.pop.Show()
	v.desk.tips.drop()
	v.desk.canvas.Focus(shut)
	v.foresight.watch(true)
}

func (v *runViewer) hide() {
	if v.pop == nil {
		return
	}
	v.pop.Hide()
	v.pop = nil
	v.foresight.watch(false)
	v.desk.send(engine.PlotRuns{})
}

// show takes over what was read.
func (v *runViewer) show(s engine.RunsView) {
	if v.pop == nil || s.Plotting || s.Plotted == v.of {
		return
	}
	v.of = s.Plotted
	if v.of == nil {
		v.wait.set("The curves cannot be read: the status line says why.")
		return
	}
	v.offer()
	v.fill()
	v.draw()
}

// offer lists the curves and time-lapses that there are.
func (v *runViewer) offer() {
	v.curve.Options = nil
	for _, key := range slices.Sorted(maps.Keys(v.of.Curves)) {
		v.curve.Options = append(v.curve.Options, curveTitle(key))
	}
	slices.SortStableFunc(v.curve.Options, func(a, b string) int { return curveRank(a) - curveRank(b) })
	if len(v.curve.Options) > 0 && !slices.Contains(v.curve.Options, v.curve.Selected) {
		v.curve.setChosen(v.curve.Options[0])
	}
	v.curve.Refresh()
	v.lapse.Options = nil
	for i, l := range v.of.Lapses {
		if l != nil {
			v.lapse.Options = append(v.lapse.Options, v.of.Runs[i].Name)
		}
	}
	chosen := ""
	if len(v.lapse.Options) > 0 {
		chosen = v.lapse.Options[0]
	}
	v.lapse.setChosen(chosen)
	v.lapsed()
}

func curveTitle(key string) string {
	name, task, _ := strings.Cut(key, " ")
	for _, c := range curveTitles {
		if c.key == name {
			return strings.TrimSpace(c.title + " " + task)
		}
	}
	return key
}

func curveRank(title string) int {
	return slices.IndexFunc(curveTitles, func(c struct{ key, title string }) bool { return strings.HasPrefix(title, c.title) })
}

// lapsed shows the time-lapse of the chosen run.
func (v *runViewer) lapsed() {
	var shots *engine.TimeLapse
	for i, r := range v.of.Runs {
		if r.Name == v.lapse.Selected {
			shots = v.of.Lapses[i]
		}
	}
	v.foresight.show(nil, shots)
	setHidden(v.foresight.root, shots == nil)
	setHidden(v.lapses, len(v.lapse.Options) < 2)
	v.arrange()
}

// letter marks run i in legend and table, besides its colour.
func letter(i int) string { return string(rune('A' + i)) }

// arrange lays everything out anew.
func (v *runViewer) arrange() {
	if v.pop != nil {
		v.pop.Content.Refresh()
		v.above.Refresh()
		v.left.Refresh()
	}
}

// draw shows the chosen curve of every run.
func (v *runViewer) draw() {
	if hidden := v.of != nil; hidden != v.wait.Hidden {
		setHidden(v.wait, hidden)
		v.arrange()
	}
	var curves []curve
	if v.of != nil {
		key := ""
		for k := range v.of.Curves {
			if curveTitle(k) == v.curve.Selected {
				key = k
			}
		}
		curves = v.curvesOf(key)
	}
	unit, words := axisUnit(v.axis.Selected)
	v.chart.set(curves, v.at, unit, words)
}

func (v *runViewer) curvesOf(key string) []curve {
	var curves []curve
	for len(v.toggles) < len(v.of.Runs) {
		i := len(v.toggles)
		t := newToggle(v.desk, colorSeries[i%len(colorSeries)], "A click shows or hides this run.", true, v.draw)
		t.dash = dash(i % 3)
		v.toggles = append(v.toggles, t)
	}
	var names []fyne.CanvasObject
	for i, r := range v.of.Runs {
		t := v.toggles[i]
		names = append(names, t)
		words := letter(i) + "  " + r.Name
		if all := v.of.Curves[key]; i < len(all) && len(all[i]) > 0 {
			points := all[i]
			words += "  " + figure(nearestPoint(points, v.at, v.axis.Selected).Y)
			if t.on {
				curves = append(curves, v.line(key, i, points))
			}
		} else {
			words += "  –"
		}
		t.set(words)
	}
	if !slices.Equal(names, v.legend.Objects) {
		v.legend.Objects = names
		v.arrange()
	}
	return curves
}

func (v *runViewer) line(key string, i int, points []engine.Point) curve {
	c := curve{color: colorSeries[i%len(colorSeries)], dash: dash(i % 3), log: v.log.Checked, xy: vectors(points, v.axis.Selected)}
	if strings.HasPrefix(key, "evaluation") {
		c.marks = true
		for _, p := range points {
			c.low, c.high = append(c.low, p.Low), append(c.high, p.High)
		}
	}
	return c
}

// fill writes the table of settings.
func (v *runViewer) fill() {
	v.table.RemoveAll()
	columns := len(v.of.Runs) + 1
	row := func(bold bool, cells ...string) {
		grid := container.NewGridWithColumns(columns)
		for i, c := range cells {
			t := newText(c)
			if i == 0 || bold {
				t = newCaption(c)
			}
			t.size, t.cut, t.bold = theme.SizeNameCaptionText, true, bold
			grid.Add(t)
		}
		v.table.Add(grid)
	}
	heads := []string{"setting"}
	for i, r := range v.of.Runs {
		heads = append(heads, letter(i)+"  "+r.Name)
	}
	if len(v.of.Runs) < 2 {
		v.table.Add(newCaption("Tick several runs in the list to compare their settings."))
		return
	}
	row(true, heads...)
	for _, d := range v.of.Differences {
		cells := []string{d.Key}
		for _, text := range d.Values {
			if text == "" {
				text = "–"
			}
			cells = append(cells, text)
		}
		row(false, cells...)
	}
	if len(v.of.Differences) == 0 {
		v.table.Add(newCaption("They do not differ."))
	}
}
