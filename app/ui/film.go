package ui

import (
	"fmt"
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/latco-studio/latco/app/engine"
)

// film is the zone below: the strip, the numbers of the marked column, and the
// iteration track.
type film struct {
	root    fyne.CanvasObject
	desk    *desk
	history *history
	strip   *strip
	track   *track
	player  *player
	numbers *text
	scale   *colorScale
	count   *text
	play    *button
	plan    *engine.PlanView
}

func newFilm(d *desk, h *history) *film {
	f := &film{desk: d, history: h, strip: newStrip(d), track: newTrack(d, h),
		numbers: newCaption(""), count: newCaption("–"), scale: newColorScale(d)}
	f.numbers.cut = true
	f.strip.onMark = f.marked
	f.strip.onOpen = f.enlarge
	f.track.onSeek = f.sought
	f.player = &player{track: f.track, onTurn: f.turned}
	f.play = newButton(d, "", theme.MediaPlayIcon(), "Play the optimisation\nShow the plan of one iteration after the other.", f.player.toggle).quiet()

	caption := container.New(layout.NewCustomPaddedVBoxLayout(0), newBold("iteration"),
		container.New(layout.NewCustomPaddedHBoxLayout(2), f.count))
	left := width(stripCaption, container.NewBorder(nil, nil, container.New(layout.NewCustomPaddedLayout(0, 0, 14, 0), caption), middle(tight(f.play))))
	foot := container.NewBorder(nil, nil, left, container.New(layout.NewCustomPaddedLayout(0, 0, 0, stripMargin)), middle(f.track))
	line := container.NewBorder(nil, nil, nil, f.scale, f.numbers)
	info := container.New(layout.NewCustomPaddedLayout(0, 2, stripCaption, stripMargin), line)
	bottom := container.New(layout.NewCustomPaddedVBoxLayout(0), info, foot, gap(6))
	rows := container.NewVScroll(f.strip)
	rows.SetMinSize(f.strip.MinSize())
	f.root = newBar(container.NewBorder(gap(4), bottom, nil, nil, rows))
	f.describe()
	return f
}

func (f *film) show(s *engine.State) {
	f.history.update(s.Plan)
	f.strip.show(s)
	f.track.show(s)
	if s.Plan == f.plan {
		return
	}
	f.plan = s.Plan
	f.count.set(f.track.words())
	f.describe()
	threshold := 0.0
	if s.Plan != nil {
		threshold = s.Plan.Threshold
	}
	f.scale.show(threshold, len(f.history.violation) > 0)
}

// sought asks for the strip of iteration k; −1 follows the newest.
func (f *film) sought(k int) {
	f.count.set(f.track.words())
	f.desk.send(engine.SelectIteration{K: k})
}

func (f *film) turned(playing bool) {
	if playing {
		f.play.icon(theme.MediaPauseIcon())
	} else {
		f.play.icon(theme.MediaPlayIcon())
	}
}

func (f *film) marked(t int) {
	f.describe()
	f.desk.send(engine.SelectColumn{T: t})
}

// describe writes the numbers of the marked column.
func (f *film) describe() {
	f.numbers.set(columnWords(f.plan, f.strip.column))
}

func columnWords(p *engine.PlanView, t int) string {
	if p == nil {
		return "No plan yet: press Plan. Then point at a frame for its numbers, click it to enlarge it."
	}
	if t < 0 {
		if p.Running {
			return fmt.Sprintf("planning with H = %d …", p.Horizon)
		}
		return "point at a frame for its numbers, click it to enlarge it"
	}
	words := fmt.Sprintf("t = %d (step %d)", t, p.StartStep+t)
	it := shown(p)
	if it != nil && t > 0 {
		add := func(name string, values []float64) {
			if t-1 < len(values) {
				words += fmt.Sprintf(" · %s %s", name, figure(values[t-1]))
			}
		}
		add("predicted reward", it.Reward)
		add("obtained", p.RealReward)
		if p.Threshold > 0 {
			add("violation", it.DynViolation)
		}
		add("λ", it.Lambda)
		add("ν", it.Nu)
	}
	return words
}

// enlarge shows one frame large, every pixel a square.
func (f *film) enlarge(row stripRow, t int) {
	if f.plan == nil {
		return
	}
	rows := [...][]*image.RGBA{f.plan.Strip, f.plan.ModelStrip, f.plan.Real}
	names := [...]string{"PLAN, imagined", "MODEL, same actions", "REAL, executed"}
	if t >= len(rows[row]) || rows[row][t] == nil {
		return
	}
	large := newPixels(448)
	large.show(rows[row][t])
	var pop *widget.PopUp
	closing := newCloser(f.desk, "Close")
	closing.OnTapped = func() { pop.Hide() }
	head := container.New(layout.NewCustomPaddedVBoxLayout(2), newBold(names[row]), newCaption(columnWords(f.plan, t)), gap(4))
	body := container.NewBorder(head, container.NewCenter(closing), nil, nil, container.NewCenter(large))
	pop = widget.NewModalPopUp(container.New(layout.NewCustomPaddedLayout(10, 8, 14, 14), body), f.desk.canvas)
	pop.Show()
	f.desk.canvas.Focus(closing)
}
