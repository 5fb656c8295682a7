package ui

import (
	"math"
	"math/rand"
	"strconv"
	"strings"
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/resources/setting"
)

// row finds a setting of the planner by its key.
func (b *bench) row(key string) *fieldRow {
	b.t.Helper()
	for _, r := range b.side.plan.form.rows {
		if r.field.Key == key {
			return r
		}
	}
	b.t.Fatalf("no row %q", key)
	return nil
}

func TestFormSendsWhatIsEntered(t *testing.T) {
	b := newBench(t)
	b.enter(b.row("horizon").number, "45")
	b.wants(engine.SetPlannerField{Key: "horizon", Value: "45"})
	b.enter(b.row("dyn_threshold").number, "2e-3")
	b.wants(engine.SetPlannerField{Key: "dyn_threshold", Value: "0.002"})
	b.row("dual_rule").list.SetSelected("released")
	b.wants(engine.SetPlannerField{Key: "dual_rule", Value: "released"})
	test.Tap(b.row("warm").tick)
	b.wants(engine.SetPlannerField{Key: "warm", Value: "false"})
	b.row("parallel").slide.SetValue(1)
	b.wants(engine.SetPlannerField{Key: "parallel", Value: "16"})
	if got := b.row("parallel").number.Text; got != "16" {
		t.Errorf("beside the slider stands %q", got)
	}
}

func TestFormRefusesInWords(t *testing.T) {
	b := newBench(t)
	for _, typed := range []string{"0", "101", "3.5", "many", ""} {
		r := b.row("horizon")
		b.enter(r.number, typed)
		b.wants()
		if r.reason.Hidden || !strings.Contains(r.reason.content, "a whole number in [1, 100]") {
			t.Errorf("%q: the reason is %q", typed, r.reason.content)
		}
		if r.field.String() != "30" {
			t.Errorf("%q changed the value to %s", typed, r.field.String())
		}
	}
	b.enter(b.row("horizon").number, "31")
	b.wants(engine.SetPlannerField{Key: "horizon", Value: "31"})
	if !b.row("horizon").reason.Hidden {
		t.Error("the reason stays after a good value")
	}
}

// What has been typed wrongly stays to be corrected while states go by.
func TestFormKeepsTheWrongText(t *testing.T) {
	b := newBench(t)
	r := b.row("horizon")
	b.enter(r.number, "999")
	b.edit(func(s *engine.State) { s.Reward = 1 })
	if r.number.Text != "999" || r.reason.Hidden {
		t.Errorf("text %q, reason hidden: %v", r.number.Text, r.reason.Hidden)
	}
	b.side.plan.form.root.Refresh()
	b.eng.Do(engine.ResetPlannerFields{})
	b.refresh()
	b.eng.Do(engine.SetPlannerField{Key: "horizon", Value: "12"})
	b.refresh()
	if r.number.Text != "12" || !r.reason.Hidden {
		t.Errorf("after a new value: text %q, reason hidden: %v", r.number.Text, r.reason.Hidden)
	}
}

func TestFormDoesNotWriteIntoTheState(t *testing.T) {
	b := newBench(t)
	value := b.eng.State().Planner.Fields[0].Value.(*int)
	b.enter(b.row("horizon").number, "77")
	if *value != 30 {
		t.Errorf("the state's own value became %d", *value)
	}
}

func TestFormFollowsThePlanner(t *testing.T) {
	b := newBench(t)
	first := b.row("horizon")
	b.edit(func(s *engine.State) { s.Reward = 2 })
	if b.row("horizon") != first {
		t.Error("rows were built anew without need")
	}
	b.eng.Do(engine.SelectPlanner{Name: "cem"})
	b.refresh()
	if b.row("samples") == nil || len(b.side.plan.form.rows) != 4 {
		t.Errorf("%d rows for CEM", len(b.side.plan.form.rows))
	}
	if !b.side.plan.form.more.Hidden {
		t.Error("a button for more settings where there are none")
	}
}

func TestFormShowsMore(t *testing.T) {
	b := newBench(t)
	f := b.side.plan.form
	if !f.rest.Hidden || f.more.Text != "3 more settings ▸" {
		t.Fatalf("at first: hidden %v, %q", f.rest.Hidden, f.more.Text)
	}
	test.Tap(f.more)
	if f.rest.Hidden {
		t.Error("the rest stays hidden")
	}
}

// A slider's text is always a value the field takes, and the position of a
// value leads back to it.
func TestFieldScale(t *testing.T) {
	rng := rand.New(rand.NewSource(1))
	for range 500 {
		f, v := randomField(rng)
		s, ok := scaleOf(f)
		if !ok {
			t.Fatalf("no scale for %+v", f)
		}
		if err := f.Set(s.text(rng.Float64()*1.2 - 0.1)); err != nil {
			t.Fatalf("min %g max %g log %v: %v", f.Min, f.Max, f.Log, err)
		}
		at := s.position(v)
		if at < 0 || at > 1 {
			t.Fatalf("position %g of %g in [%g, %g]", at, v, f.Min, f.Max)
		}
		back, err := strconv.ParseFloat(s.text(at), 64)
		if err != nil {
			t.Fatal(err)
		}
		tolerance := (f.Max - f.Min) / 100
		if f.Log {
			tolerance = max(0.06*math.Abs(v), s.low())
		}
		if s.whole {
			tolerance += 1
		}
		if math.Abs(back-v) > tolerance {
			t.Errorf("%g in [%g, %g] (log %v) came back as %g", v, f.Min, f.Max, f.Log, back)
		}
	}
}

func randomField(rng *rand.Rand) (setting.Field, float64) {
	f := setting.Field{Log: rng.Intn(2) == 0}
	if rng.Intn(2) == 0 {
		f.Min = float64(rng.Intn(3))
		f.Max = f.Min + 1 + float64(rng.Intn(1000))
		n := int(f.Min) + rng.Intn(int(f.Max-f.Min)+1)
		f.Value = &n
		return f, float64(n)
	}
	f.Min = math.Pow(10, -8*rng.Float64())
	f.Max = f.Min * math.Pow(10, 1+6*rng.Float64())
	v := f.Min + rng.Float64()*(f.Max-f.Min)
	f.Value = &v
	return f, v
}

func TestTaskSettings(t *testing.T) {
	b := newBench(t)
	f := b.scene.drawer.form
	if len(f.rows) != 1 || !b.scene.drawer.root.Hidden {
		t.Fatalf("%d rows, drawer hidden %v", len(f.rows), b.scene.drawer.root.Hidden)
	}
	test.TypeOnCanvas(b.win.Canvas(), "g")
	if b.scene.drawer.root.Hidden {
		t.Fatal("G does not open the drawer")
	}
	b.enter(f.rows[0].number, "0.2")
	b.wants(engine.SetTaskField{Key: "odds", Value: "0.2"})
	b.enter(f.rows[0].number, "2")
	b.wants()
	if f.rows[0].reason.content != "“2” is not a number in [0, 1]" {
		t.Errorf("the reason is %q", f.rows[0].reason.content)
	}
}
