package ui

import (
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// taskDetail says what a task is about and what it is planned with.
type taskDetail struct {
	root             fyne.CanvasObject
	picture          *canvas.Image
	title            *text
	summary, success *widget.Label
	facts            []*text
	open             *button
	name             string
}

const taskDetailWidth = 288

// taskFacts are the lines below the description.
var taskFacts = []struct {
	caption string
	words   func(engine.TaskInfo) string
}{
	{"plan", func(t engine.TaskInfo) string {
		return fmt.Sprintf("%s ahead, replan after %d", steps(t.Horizon), t.Replan)
	}},
	{"episode", func(t engine.TaskInfo) string { return steps(t.EpisodeSteps) + repeatWords(t.ActionRepeat) }},
	{"actions", func(t engine.TaskInfo) string { return fmt.Sprintf("%d in [−1, 1]", t.ActionDim) }},
	{"observed", observationWords},
	{"reward", rewardWords},
	{"policies", func(t engine.TaskInfo) string { return strings.Join(t.Policies, ", ") }},
	{"model", taskModelWords},
}

func newTaskDetail(d *desk, open func(name string)) *taskDetail {
	t := &taskDetail{title: newBold(""), picture: canvas.NewImageFromImage(taskPicture(""))}
	t.title.size, t.title.cut = theme.SizeNameSubHeadingText, true
	t.picture.SetMinSize(fyne.NewSize(taskDetailWidth, taskDetailWidth*5/8))
	t.picture.CornerRadius = 7
	t.summary, t.success = newParagraph(), newParagraph()
	table := container.New(layout.NewFormLayout())
	for _, f := range taskFacts {
		words := newText("")
		words.size, words.cut = theme.SizeNameCaptionText, true
		t.facts = append(t.facts, words)
		table.Add(newCaption(f.caption))
		table.Add(words)
	}
	t.open = newButton(d, "Open", nil, "", func() { open(t.name) })
	t.open.Importance = widget.HighImportance
	body := container.New(layout.NewCustomPaddedVBoxLayout(4), t.picture, gap(0),
		inset(t.title), tight(t.summary), tight(t.success), gap(0), inset(table))
	t.root = container.NewBorder(nil, container.New(layout.NewCustomPaddedLayout(8, 0, 0, 0), t.open), nil, nil, container.NewVScroll(body))
	return t
}

// inset aligns what has no padding with labels that have.
func inset(o fyne.CanvasObject) fyne.CanvasObject {
	return container.New(layout.NewCustomPaddedLayout(0, 0, 4, 0), o)
}

// newParagraph is text that breaks into lines.
func newParagraph() *widget.Label {
	l := widget.NewLabel("")
	l.Wrapping = fyne.TextWrapWord
	l.SizeName = theme.SizeNameCaptionText
	return l
}

func (t *taskDetail) show(task engine.TaskInfo, now bool) {
	if t.name != task.Name {
		t.picture.Image = taskPicture(task.Name)
		t.picture.Refresh()
	}
	t.name = task.Name
	t.title.set(task.Title)
	t.summary.SetText(task.Summary)
	t.success.SetText(successWords(task))
	for i, f := range taskFacts {
		t.facts[i].set(f.words(task))
	}
	t.open.label("Open " + task.Title)
	if now {
		t.open.label("Open again")
	}
}

func steps(n int) string {
	if n == 1 {
		return "1 step"
	}
	return whole(n) + " steps"
}

func repeatWords(n int) string {
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(", each action held %d steps", n)
}

// groupTitle names a group of tasks.
func groupTitle(group string) string {
	switch group {
	case "lottery":
		return "Lottery"
	case "sparse-manipulation":
		return "Manipulation, sparse reward"
	case "dmc":
		return "DM Control"
	case "gym":
		return "Gym locomotion"
	case "file":
		return "Scene file"
	case "":
		return "Other"
	}
	return group
}

// observationWords say what a model of the task sees. Tasks of the gym group are
// defined on their state (ALM learns from it); all others on the image.
func observationWords(t engine.TaskInfo) string {
	if t.Group == "gym" {
		return fmt.Sprintf("state: %d numbers", t.ObsDim)
	}
	return "64×64 image"
}

// successWords say when a task counts as solved.
func successWords(t engine.TaskInfo) string {
	if t.Goal {
		return "Success: " + t.Success
	}
	return t.Success
}

// rewardWords say what the agent is paid.
func rewardWords(t engine.TaskInfo) string {
	switch {
	case t.Sparse:
		return "sparse: 1 when solved, else 0"
	case t.Group == "file":
		return "none"
	case t.Group == "lottery":
		return "once, at a goal"
	}
	return "dense: at every step"
}

func taskModelWords(t engine.TaskInfo) string {
	switch {
	case t.Model == "":
		return "none yet: train one"
	case filepath.IsAbs(t.Model):
		return "trained: " + filepath.Base(t.Model)
	}
	return "bundled"
}
