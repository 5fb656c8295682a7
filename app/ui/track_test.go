package ui

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/app/ui/paint"
	"github.com/latco-studio/latco/planning"
)

func TestTrackDragging(t *testing.T) {
	b := newBench(t)
	b.planned()
	track := b.film.track
	w := track.Size().Width
	track.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(0.6*w, 5)}})
	b.wants(engine.SelectIteration{K: 120})
	track.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(-40, 5)}})
	b.wants(engine.SelectIteration{K: 0})
	if got := b.film.count.content; got != "0 of 200" {
		t.Errorf("the count says %q", got)
	}
	track.TypedKey(&fyne.KeyEvent{Name: fyne.KeyRight})
	b.wants(engine.SelectIteration{K: 1})
	track.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	b.wants(engine.SelectIteration{K: 200})
}

// While the engine is still decoding, the handle stays where it was dragged.
func TestTrackDoesNotJumpBack(t *testing.T) {
	b := newBench(t)
	b.planned()
	track := b.film.track
	track.seek(50)
	b.edit(func(s *engine.State) {
		p := *s.Plan
		p.Shown = 199 // an answer to something asked before
		s.Plan = &p
	})
	if track.at != 50 {
		t.Errorf("the handle jumped to %d", track.at)
	}
	b.edit(func(s *engine.State) {
		p := *s.Plan
		p.Shown = 50
		s.Plan = &p
	})
	b.edit(func(s *engine.State) {
		p := *s.Plan
		p.Shown = 60
		s.Plan = &p
	})
	if track.at != 60 {
		t.Errorf("afterwards the handle is at %d, the state at 60", track.at)
	}
}

func TestTrackFollowsTheNewestWhilePlanning(t *testing.T) {
	b := newBench(t)
	b.planned()
	b.edit(func(s *engine.State) {
		p := *s.Plan
		p.Running = true
		s.Plan = &p
	})
	track := b.film.track
	track.seek(10)
	b.wants(engine.SelectIteration{K: 10})
	track.seek(track.count() - 1)
	b.wants(engine.SelectIteration{K: -1})
}

func TestPlayerRunsToTheEnd(t *testing.T) {
	b := newBench(t)
	b.planned()
	p := b.film.player
	b.film.play.press()
	if !p.playing() {
		t.Fatal("it does not play")
	}
	b.wants(engine.SelectIteration{K: 0}) // from the end it starts over
	now := time.Now()
	turns := 0
	for p.playing() && turns < 1000 {
		now = now.Add(playBeat)
		if !p.ripe(now) {
			t.Fatal("a beat passed and it is not ripe")
		}
		p.ring(now)
		turns++
	}
	if b.film.track.at != 200 {
		t.Errorf("it stopped at %d", b.film.track.at)
	}
	if beats := int(playWhole / playBeat); turns < beats/2 || turns > 2*beats {
		t.Errorf("%d turns, want about %d", turns, beats)
	}
}

func iterations(n int) []planning.Iteration {
	its := make([]planning.Iteration, n)
	for k := range its {
		its[k] = planning.Iteration{K: k, Return: float64(k), Reward: []float64{1},
			DynViolation: []float64{1e-3, 1 / float64(k+1)}, Lambda: []float64{1, 3}}
	}
	return its
}

// Summing up as the optimiser goes gives what summing up at the end gives, even
// if the record is thinned meanwhile.
func TestHistoryGrows(t *testing.T) {
	its := iterations(50)
	var grown history
	for _, n := range []int{0, 1, 7, 30} {
		grown.update(&engine.PlanView{Iterations: its[:n]})
	}
	var thin []planning.Iteration
	for k := 0; k < 50; k += 2 {
		thin = append(thin, its[k])
	}
	for name, last := range map[string][]planning.Iteration{"grown": its, "thinned": thin, "another plan": iterations(40)} {
		h := grown
		h.update(&engine.PlanView{Iterations: last})
		var fresh history
		fresh.update(&engine.PlanView{Iterations: last})
		if !sameVecs(h.ret, fresh.ret) || !sameVecs(h.violation, fresh.violation) || !sameVecs(h.lambda, fresh.lambda) {
			t.Errorf("%s: %v, want %v", name, h.ret, fresh.ret)
		}
	}
	if grown.update(grown.of) {
		t.Error("the same plan counts as a change")
	}
}

func sameVecs(a, b []paint.Vec) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
