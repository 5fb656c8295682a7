package ui

import (
	"image"
	"image/color"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
	"github.com/latco-studio/latco/planning"
)

// Whatever the size: columns begin with step 0 and end with step H, lie inside
// the strip, do not overlap, and every step belongs to exactly one of them.
func TestStripLayout(t *testing.T) {
	for _, scale := range []float64{1, 1.5, 2} {
		for _, units := range []int{600, 1024, 1440, 3840} {
			for h := 1; h <= 150; h += 7 {
				w := int(float64(units) * scale)
				l := layStrip(w, int(260*scale), h, scale)
				last := len(l.steps) - 1
				if l.steps[0] != 0 || l.steps[last] != h {
					t.Fatalf("w %d H %d: steps %v", w, h, l.steps)
				}
				if right := l.frame(last, 0, 1).Max.X; right > w {
					t.Fatalf("w %d H %d: the last column ends at %d", w, h, right)
				}
				next := 0
				for i := range l.steps {
					from, to := l.span(i)
					if from != next || to < from {
						t.Fatalf("w %d H %d: column %d is %d…%d after %d", w, h, i, from, to, next-1)
					}
					next = to + 1
					if got := l.column(l.frame(i, 0, 1).Min.X); got != i {
						t.Fatalf("w %d H %d: column %d is found as %d", w, h, i, got)
					}
				}
				if l.real+l.side > l.height || l.plan+l.side > l.violation || l.lambda+l.lambdaHeight > l.model {
					t.Fatalf("w %d H %d: rows overlap: %+v", w, h, l)
				}
			}
		}
	}
}

func TestStripLeavesStepsOutAndSaysSo(t *testing.T) {
	b := newBench(t)
	b.eng.Do(engine.SetPlannerField{Key: "horizon", Value: "100"})
	b.planned()
	l := b.film.strip.unitLayout()
	if l.stride < 2 {
		t.Fatalf("stride %d for 101 frames", l.stride)
	}
	if got := b.film.strip.renderer.captions[0].Text; got != "every "+ordinal(l.stride)+" step" {
		t.Errorf("the caption says %q", got)
	}
}

func plain8(c color.RGBA) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, 8, 8))
	paint.Fill(img, img.Rect, c)
	return img
}

// colours of the middles of a row's frames.
func (s *strip) middles(top, height int) []color.RGBA {
	l := s.layout
	var out []color.RGBA
	for i := range l.steps {
		r := l.frame(i, top, height)
		out = append(out, s.painter.image.RGBAAt((r.Min.X+r.Max.X)/2+1, r.Max.Y-2))
	}
	return out
}

func TestStripPaintsRowsAndCells(t *testing.T) {
	b := newBench(t)
	s := newStrip(b.desk)
	s.Resize(fyne.NewSize(400, 260))
	red, green, blue := color.RGBA{200, 0, 0, 255}, color.RGBA{0, 200, 0, 255}, color.RGBA{0, 0, 200, 255}
	plan := &engine.PlanView{Horizon: 2, Threshold: 1e-4,
		Iterations: []planning.Iteration{{DynViolation: []float64{1e-6, 1}, Lambda: []float64{0.1, 10}}},
		Strip:      []*image.RGBA{plain8(red), plain8(green), plain8(blue)},
		Real:       []*image.RGBA{plain8(blue)}}
	s.show(&engine.State{Plan: plan})
	s.draw(400, 260)
	l := s.layout
	empty := colorOf(colorEmpty, s)
	check := func(name string, got, want []color.RGBA) {
		t.Helper()
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s, column %d: %v, want %v", name, i, got[i], want[i])
			}
		}
	}
	check("plan", s.middles(l.plan, l.side), []color.RGBA{red, green, blue})
	check("model", s.middles(l.model, l.side), []color.RGBA{empty, empty, empty})
	check("real", s.middles(l.real, l.side), []color.RGBA{blue, empty, empty})
	check("violation", s.middles(l.violation, l.violationHeight), []color.RGBA{empty, paint.Cividis(0), paint.Cividis(1)})
	notched := func(i int) bool {
		r := l.frame(i, l.violation, 1)
		return s.painter.image.RGBAAt((r.Min.X+r.Max.X)/2, r.Min.Y) == colorOf(colorPanel, s)
	}
	if notched(1) || !notched(2) {
		t.Errorf("notches: %v below the threshold, %v above", notched(1), notched(2))
	}
}

// A new iterate redraws its frames only.
func TestStripDrawsOnlyWhatChanged(t *testing.T) {
	b := newBench(t)
	s := newStrip(b.desk)
	s.Resize(fyne.NewSize(400, 260))
	red, green := plain8(color.RGBA{200, 0, 0, 255}), plain8(color.RGBA{0, 200, 0, 255})
	s.show(&engine.State{Plan: &engine.PlanView{Horizon: 1, Strip: []*image.RGBA{red, red}}})
	s.draw(400, 260)
	at := s.layout.frame(0, s.layout.plan+10, 1).Min.Add(image.Pt(8, 0))
	mark := color.RGBA{1, 2, 3, 255}
	s.painter.image.SetRGBA(at.X, at.Y, mark)
	s.show(&engine.State{Plan: &engine.PlanView{Horizon: 1, Strip: []*image.RGBA{red, green}}})
	s.draw(400, 260)
	if got := s.painter.image.RGBAAt(at.X, at.Y); got != mark {
		t.Error("an unchanged frame was drawn again")
	}
	if got := s.middles(s.layout.plan, s.layout.side)[1]; got != green.RGBAAt(0, 0) {
		t.Errorf("the changed frame is %v", got)
	}
}

func TestStripPointing(t *testing.T) {
	b := newBench(t)
	b.planned()
	s := b.film.strip
	l := s.unitLayout()
	r := l.frame(5, l.plan, l.side)
	over := func(x, y int) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(x), float32(y))}}
	}
	s.MouseIn(over(r.Min.X+3, r.Min.Y+3))
	b.wants(engine.SelectColumn{T: 5})
	if want := columnWords(b.eng.State().Plan, 5); b.film.numbers.content != want {
		t.Errorf("the numbers say %q, want %q", b.film.numbers.content, want)
	}
	s.MouseMoved(over(r.Min.X+5, r.Min.Y+9))
	b.wants()
	s.Tapped(&fyne.PointEvent{Position: fyne.NewPos(float32(r.Min.X+3), float32(r.Min.Y+3))})
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("a click does not enlarge the frame")
	}
	s.MouseOut()
	b.wants(engine.SelectColumn{T: -1})
}

func TestStripKeys(t *testing.T) {
	b := newBench(t)
	b.planned()
	b.win.Canvas().Focus(b.film.strip)
	b.press(fyne.KeyRight)
	b.wants(engine.SelectColumn{T: 0})
	b.press(fyne.KeyRight)
	b.wants(engine.SelectColumn{T: 1})
	b.press(fyne.KeyReturn)
	if b.win.Canvas().Overlays().Top() == nil {
		t.Error("Enter does not enlarge the frame")
	}
	b.wants()
}

func TestColumnWords(t *testing.T) {
	p := &engine.PlanView{StartStep: 10, Threshold: 1e-4, RealReward: []float64{0.5}, Iterations: []planning.Iteration{
		{Reward: []float64{1, 2}, DynViolation: []float64{1e-3, 2e-3}, Lambda: []float64{7, 8}, Nu: []float64{1, 1}}}}
	for at, want := range map[int]string{
		0: "t = 0 (step 10)",
		1: "t = 1 (step 11) · predicted reward 1.00 · obtained 0.500 · violation 0.00100 · λ 7.00 · ν 1.00",
		2: "t = 2 (step 12) · predicted reward 2.00 · violation 0.00200 · λ 8.00 · ν 1.00",
	} {
		if got := columnWords(p, at); got != want {
			t.Errorf("column %d: %q, want %q", at, got, want)
		}
	}
}
