package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/ui/paint"
)

// Curves with scales of their own have the ends of each written in their colours, as
// many as there is room for; a single one has an axis like any other.
func TestChartOfOwnScales(t *testing.T) {
	test.NewTempApp(t)
	c := newChart(100)
	c.own = true
	r := test.TempWidgetRenderer(t, c).(*chartRenderer)
	c.Resize(fyne.NewSize(300, 100+chartBelow))
	falling := func(color fyne.ThemeColorName, from, to float64) curve {
		return curve{color: color, log: true, xy: []paint.Vec{{X: 0, Y: from}, {X: 10, Y: to}}}
	}
	texts := func(list []*canvas.Text) (all []string) {
		for _, x := range list {
			all = append(all, x.Text)
		}
		return all
	}
	two := []curve{falling(colorViolation, 2040.4, 39.51), falling(colorLambda, 7, 1.25e-5)}
	c.set(two, 0, "updates", plain)
	if got := texts(r.ends); !slices.Equal(got, []string{"2040", "7", "39.5", "1.25e-5"}) || len(r.rows) != 0 {
		t.Errorf("ends %q, rows %q", got, texts(r.rows))
	}
	for i, x := range r.ends {
		if want := theme.ColorForWidget(two[i%2].color, c); x.Color != want || !x.Visible() {
			t.Errorf("%s is %v, want %v", x.Text, x.Color, want)
		}
	}
	if y := r.ends[1].Position().Y; y <= r.ends[0].Position().Y || y >= r.ends[2].Position().Y {
		t.Errorf("the second top is at %g", y)
	}

	c.set(two[:1], 0, "updates", plain)
	if len(r.ends) != 0 || !slices.Equal(texts(r.rows), []string{"100", "1000"}) {
		t.Errorf("of one curve: ends %q, rows %q", texts(r.ends), texts(r.rows))
	}

	many := slices.Repeat(two, 4)
	c.set(many, 0, "updates", plain)
	seen := 0
	for i, x := range r.ends {
		if !x.Visible() {
			continue
		}
		seen++
		for _, other := range r.ends[:i] {
			if d := x.Position().Y - other.Position().Y; other.Visible() && max(d, -d) < 8 {
				t.Errorf("%s and %s are %g apart", x.Text, other.Text, d)
			}
		}
	}
	if seen == 0 || seen == len(r.ends) || seen%2 != 0 {
		t.Errorf("%d of %d ends are seen", seen, len(r.ends))
	}
}
