package ui

import (
	"fmt"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// planTab plans, runs and stops, sets the planner up and shows how the
// optimisation went.
type planTab struct {
	root            fyne.CanvasObject
	plan, run, stop *button
	advice          *text // what to do while there is no model
	header          *text
	form            *form // of the planner
	device          *planDevice
	watch           *segmented
	watched         *hint
	history         *history
	plot            *plot
	ret, viol, lam  *legendItem
	predicted       *text
	obtained        *text
	wall            *text
	last            *engine.PlanView
}

func newPlanTab(d *desk, h *history) *planTab {
	t := &planTab{history: h, header: newCaption("settings"), plot: newPlot(128),
		advice: newCaption("No model yet: watch a policy, or train one.")}
	t.advice.cut = true
	t.buttons(d)
	t.watched = newHint(d, "Watch", watchTip)
	t.watch = newSegmented(d, true, func(name string) { d.send(engine.Watch{Policy: name}) })
	t.form = newForm(d, 5, func(key, value string) { d.send(engine.SetPlannerField{Key: key, Value: value}) })
	t.device = newPlanDevice(d)
	t.form.opened = t.device.opened
	defaults := newButton(d, "defaults", nil, "Back to the defaults for this task and model", func() { d.send(engine.ResetPlannerFields{}) }).quiet()
	t.ret = newLegendItem(d, colorReturn, "Predicted return\nΣ of the rewards the model predicts for the states of the iterate.")
	t.viol = newLegendItem(d, colorViolation, "Dynamics violation, largest of any step (logarithmic)\n‖z(t+1) − μ(z(t), a(t))‖²: how far the imagined next latent is from what the model predicts. The dashed line is the threshold ε. LatCo, Eq. 6.")
	t.lam = newLegendItem(d, colorLambda, "Mean multiplier λ (logarithmic)\nThe price of violating the dynamics; dual descent raises it where the violation is above ε. LatCo, Eq. 10.")
	t.predicted, t.obtained, t.wall = newBold("–"), newBold("–"), newBold("–")

	top := container.New(layout.NewCustomPaddedHBoxLayout(6), t.plan, t.run, t.stop)
	t.header.cut = true
	settings := container.NewBorder(nil, nil, nil, link(container.New(layout.NewCustomPaddedHBoxLayout(0), t.form.more, defaults)), t.header)
	legend := container.New(layout.NewCustomPaddedHBoxLayout(9), t.ret.root, t.viol.root, t.lam.root)
	t.plot.onX = t.point
	body := container.New(layout.NewCustomPaddedVBoxLayout(6),
		settings, t.form.root, t.device.root, gap(2), legend, t.plot,
		container.NewGridWithColumns(3, fact("predicted return", t.predicted), fact("obtained", t.obtained), fact("planned in", t.wall)))
	scroll := container.NewVScroll(container.New(layout.NewCustomPaddedLayout(0, 10, 16, 16), body))
	policies := container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 0, 10), middle(width(40, t.watched))), nil, t.watch)
	head := container.New(layout.NewCustomPaddedVBoxLayout(6), top, policies, t.advice)
	t.root = container.NewBorder(container.New(layout.NewCustomPaddedLayout(12, 6, 16, 16), head), nil, nil, nil, scroll)
	t.point(math.NaN())
	return t
}

func (t *planTab) buttons(d *desk) {
	t.plan = newButton(d, "Plan", theme.MediaPlayIcon(), "Plan (P)\nFind the best actions from the present state with the chosen planner.", func() { d.send(engine.Plan{}) })
	t.plan.Importance = widget.HighImportance
	t.run = newButton(d, "Run closed loop", theme.MediaFastForwardIcon(), "Run closed loop (Enter)\nPlan, execute, plan again, to the end of the episode.", func() { d.send(engine.Run{}) })
	t.stop = newButton(d, "Stop", theme.MediaStopIcon(), "Stop (Esc)\nEnd planning, running and watching at once. Training goes on.", func() { d.send(engine.Stop{}) })
}

func (t *planTab) show(s *engine.State) {
	t.header.set(s.Planner.Title + " settings")
	t.form.show(s.Planner.Fields)
	t.device.show(s.PlanDevice)
	t.policies(s)
	busy := s.Phase == engine.Planning || s.Phase == engine.Executing || s.Watch.Policy != ""
	t.stop.able(busy)
	ready := s.Model.Name != ""
	t.plan.able(ready)
	t.run.able(ready)
	setHidden(t.advice, ready)
	if s.Plan == t.last {
		return
	}
	t.last = s.Plan
	t.results(s.Plan)
	t.point(math.NaN())
}

// policies offers what can be watched without a model.
func (t *planTab) policies(s *engine.State) {
	items := make([]segment, len(s.Task.Policies))
	for i, name := range s.Task.Policies {
		items[i] = segment{Name: name, Title: name, Tip: policyTips[name]}
	}
	t.watch.setItems(items)
	t.watch.setChosen(s.Watch.Policy)
	setHidden(t.watched, len(items) == 0)
}

const watchTip = "Watch (W)\nHave a policy act that needs no world model, episode after episode, until Stop."

var policyTips = map[string]string{
	"scripted": "Scripted policy (W)\nWritten by hand for this task; it sees the simulator's state and solves it.",
	"mixed":    "Mixed policy\nMakes data sets: successes, failures and wandering in turn.",
	"random":   "Random policy\nA uniform random action at every step.",
}

func (t *planTab) results(p *engine.PlanView) {
	if p == nil {
		for _, f := range []*text{t.predicted, t.obtained, t.wall} {
			f.set("–")
		}
		return
	}
	predicted, obtained, wall := "–", "–", "–"
	if !p.Running {
		predicted, wall = figure(p.Predicted), seconds(p.Elapsed)
	}
	if n := len(p.RealReward); n > 0 {
		obtained = fmt.Sprintf("%s in %d steps", figure(p.Obtained), n)
	}
	t.predicted.set(predicted)
	t.obtained.set(obtained)
	t.wall.set(wall)
}

// point redraws the plot with the cursor at the iteration shown, or where the
// mouse points, and puts the numbers there into the legend.
func (t *planTab) point(x float64) {
	p := t.last
	at := -1
	if p != nil && len(p.Iterations) > 0 {
		at = min(max(p.Shown, 0), len(p.Iterations)-1)
		if !math.IsNaN(x) {
			at = nearest(p, x)
		}
	}
	if at < 0 {
		t.plot.set(nil, math.NaN())
		t.ret.set("return")
		t.viol.set("dynamics violation")
		t.lam.set("mean λ")
		return
	}
	it := &p.Iterations[at]
	t.plot.set(t.history.curves(), float64(it.K))
	t.ret.set("return " + figure(it.Return))
	t.viol.set(unless(len(t.history.violation) == 0, "violation "+figure(largest(it.DynViolation))))
	t.lam.set(unless(len(it.Lambda) == 0, "λ "+figure(mean(it.Lambda))))
}

func unless(absent bool, s string) string {
	if absent {
		return ""
	}
	return s
}

// nearest is the index of the recorded iteration next to x.
func nearest(p *engine.PlanView, x float64) int {
	best := 0
	for i := range p.Iterations {
		if math.Abs(float64(p.Iterations[i].K)-x) < math.Abs(float64(p.Iterations[best].K)-x) {
			best = i
		}
	}
	return best
}

// fact is a caption over a value.
func fact(caption string, value *text) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedVBoxLayout(1), newCaption(caption), value)
}

// gap is empty room.
func gap(h float32) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(h, 0, 0, 0))
}
