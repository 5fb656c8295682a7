package ui

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// runRow is one training run: a name that can be typed over, what it came to, and
// what can be done with it.
type runRow struct {
	root  fyne.CanvasObject
	list  *runList
	of    *learning.RunInfo
	tick  *check
	name  *entry
	light *light
	facts *hint
	came  *hint
	load  *button
	going *button
	look  *button
	erase *button
}

func newRunRow(l *runList, name string) *runRow {
	d := l.desk
	r := &runRow{list: l, light: newLight(), facts: newHint(d, "", ""), came: newHint(d, "", "")}
	r.facts.size, r.came.size = theme.SizeNameCaptionText, theme.SizeNameCaptionText
	r.tick = newCheck(d, "", "Tick to compare this run with others", func(on bool) { l.choose(name, on) })
	r.name = newEntry(d, "Name of the run\nType another and press Enter.", func(to string) {
		r.name.SetText(name) // until the engine agrees
		d.send(engine.NameRun{From: name, To: to})
	})
	r.name.SetText(name)
	r.look = newButton(d, "", theme.VisibilityIcon(), "Look at its curves and its time-lapse", func() { l.viewer.open([]string{name}) }).quiet()
	r.load = newButton(d, "", theme.DownloadIcon(), "Load its model: planning uses it", func() { d.send(engine.LoadModel{Name: r.of.Dir}) }).quiet()
	r.going = newButton(d, "", theme.MediaPlayIcon(), "Go on training\nExactly as if it had never stopped, whatever task is shown.", r.resume).quiet()
	r.erase = newButton(d, "", theme.DeleteIcon(), "Delete this run with everything in its folder", r.confirm).quiet()
	buttons := container.New(layout.NewCustomPaddedHBoxLayout(0), tight(r.look), tight(r.load), tight(r.going), tight(r.erase))
	first := container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedHBoxLayout(2), tight(r.tick), middle(r.light)), buttons, tight(r.name))
	words := container.New(layout.NewCustomPaddedVBoxLayout(1), r.facts, r.came)
	r.root = container.New(layout.NewCustomPaddedVBoxLayout(1), first, container.New(layout.NewCustomPaddedLayout(0, 0, 28, 0), words))
	return r
}

func (r *runRow) show(of *learning.RunInfo) {
	r.of = of
	state, color := runState(of)
	r.light.set(color)
	r.facts.set(runFacts(of, state))
	r.facts.tip = runTip(of)
	r.came.set(runCame(of))
	r.came.tip = "Evaluations\nMean return and success of the newest evaluation, and of the one with the best return." + strings.Join(append([]string{""}, cameByTask(of)...), "\n")
	if of.Problem != "" {
		r.came.set(strings.ReplaceAll(of.Problem, "\n", "; "))
		r.came.tip = "What is wrong\n" + of.Problem
	}
	r.load.able(of.Updates > 0 && of.Task != "")
	r.going.able(of.Task != "" && of.InUse == "")
}

// runState is what a run is doing, and the colour of its lamp.
func runState(r *learning.RunInfo) (string, fyne.ThemeColorName) {
	switch {
	case r.InUse != "":
		return "in training", theme.ColorNameSuccess
	case r.Problem != "":
		return "damaged", theme.ColorNameError
	case r.Finished():
		return "finished", theme.ColorNamePrimary
	}
	return "stopped", theme.ColorNameDisabled
}

func runFacts(r *learning.RunInfo, state string) string {
	parts := []string{state}
	if r.Task != "" {
		parts = append(parts, r.Task, r.Preset, whole(r.Updates)+unless(r.Settings.Updates == 0, " of "+whole(r.Settings.Updates))+" updates")
	}
	return strings.Join(parts, " · ")
}

// runCame says what a run came to and what it takes.
func runCame(r *learning.RunInfo) string {
	parts := cameByTask(r) // their returns have no mean
	if came := cameTo(r.Obtains); came != "" && len(r.ByTask) == 0 {
		parts = []string{came}
	}
	if l := r.Losses; l != nil && len(parts) == 0 {
		parts = append(parts, "image "+figure(l.Image), "KL "+figure(l.KL))
	}
	if r.Bytes > 0 {
		parts = append(parts, megabytes(r.Bytes))
	}
	if !r.Saved.IsZero() {
		parts = append(parts, r.Saved.Format("2 Jan 15:04"))
	}
	return strings.Join(parts, " · ")
}

// cameByTask says it of each of several tasks that was played.
func cameByTask(r *learning.RunInfo) []string {
	var parts []string
	for _, t := range r.ByTask {
		if came := cameTo(t.Obtains); came != "" {
			parts = append(parts, t.Task+" "+came)
		}
	}
	return parts
}

// cameTo says what episodes came to, "" without any.
func cameTo(o learning.Obtains) string {
	switch e := o.Evaluation; {
	case e != nil && o.Best != nil && o.Best.Updates != e.Updates:
		return fmt.Sprintf("evaluated %s, %.0f %% · best %s", figure(e.ReturnMean), 100*e.SuccessRate, figure(o.Best.ReturnMean))
	case e != nil:
		return fmt.Sprintf("evaluated %s, %.0f %%", figure(e.ReturnMean), 100*e.SuccessRate)
	case o.Collected != nil:
		return "return " + figure(o.Collected.ReturnMean)
	}
	return ""
}

func runTip(r *learning.RunInfo) string {
	lines := []string{r.Name, r.Dir}
	if r.Task != "" {
		lines = append(lines, fmt.Sprintf("Task %s, preset %s, seed %d, planner %s.", r.Task, r.Preset, r.Seed, r.Planner),
			fmt.Sprintf("%s updates, %s frames and %s episodes collected, %s of training.", whole(r.Updates), whole(r.Frames), whole(r.Episodes),
				seconds(time.Duration(r.WallS*float64(time.Second)))))
	}
	if r.InUse != "" {
		lines = append(lines, r.InUse)
	}
	return strings.Join(lines, "\n")
}

// resume goes on with the run; one that has reached its end is asked how far.
func (r *runRow) resume() {
	if !r.of.Finished() {
		r.list.desk.send(engine.StartTraining{Resume: true, Out: r.of.Dir})
		return
	}
	total := r.of.Updates + max(r.of.Settings.Updates, 100)
	amount := widget.NewEntry()
	amount.SetText(strconv.Itoa(total))
	amount.Validator = func(s string) error {
		if n, err := strconv.Atoi(s); err != nil || n <= r.of.Updates {
			return fmt.Errorf("a whole number above %d", r.of.Updates)
		}
		return nil
	}
	form := dialog.NewForm("Go on with "+r.of.Name, "Train", "Cancel", []*widget.FormItem{{Text: "Updates in all", Widget: amount,
		HintText: fmt.Sprintf("%s are done", whole(r.of.Updates))}}, func(yes bool) {
		if n, err := strconv.Atoi(amount.Text); yes && err == nil {
			r.list.desk.send(engine.StartTraining{Resume: true, Out: r.of.Dir, Updates: n})
		}
	}, r.list.desk.window)
	form.Resize(fyne.NewSize(420, 0))
	form.Show()
}

// confirm asks before a run is deleted. One in training is not asked about: the engine
// refuses it with the reason.
func (r *runRow) confirm() {
	erase := engine.EraseRun{Name: r.of.Name}
	if r.of.InUse != "" || r.list.train != "" && filepath.Base(r.list.train) == r.of.Name {
		r.list.desk.send(erase)
		return
	}
	words := fmt.Sprintf("Its folder of %s goes, with checkpoints, model and curves", megabytes(r.of.Bytes))
	if r.of.Episodes > 0 {
		words += fmt.Sprintf(" and the %s it collected", episodes(r.of.Episodes))
	}
	ask(r.list.desk, "Delete "+r.of.Name+"?", words+". This cannot be undone.", "Delete", func() { r.list.desk.send(erase) })
}
