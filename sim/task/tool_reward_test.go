package task

import (
	"math"
	"testing"
)

// TestLiftReward goes through the corners of the shared part of the shaped rewards.
// The numbers are worked out by hand from Meta-World's formulas.
func TestLiftReward(t *testing.T) {
	stick := lift{reach: 0.3, height: 0.02, rest: 0.02, enough: 0.04, astray: 0.2}
	for name, c := range map[string]struct {
		change func(l *lift)
		want   float64
		held   bool
	}{
		"far away":                 {func(l *lift) {}, -0.3, false},
		"closing too early":        {func(l *lift) { l.grip = 1 }, -0.3, false},
		"at hand, open":            {func(l *lift) { l.reach, l.grip = 0.04, -1 }, -0.04, false},
		"at hand, closing":         {func(l *lift) { l.reach, l.grip = 0.04, 0.5 }, -0.04 + 0.01, false},
		"a little up":              {func(l *lift) { l.reach, l.height = 0.06, 0.03 }, -0.06 + 3, false},
		"not seen to be up":        {func(l *lift) { l.reach, l.height = 0.06, 0.025 }, -0.06, false},
		"up, but not in the hand":  {func(l *lift) { l.reach, l.height = 0.11, 0.03 }, -0.11, false},
		"picked":                   {func(l *lift) { l.reach, l.height, l.picked = 0.06, 0.055, true }, -0.06 + 6, true},
		"picked, higher":           {func(l *lift) { l.reach, l.height, l.picked = 0.06, 0.2, true }, -0.06 + 6, true},
		"picked, fallen":           {func(l *lift) { l.reach, l.picked = 0.06, true }, -0.06, false},
		"picked, laid in the hand": {func(l *lift) { l.reach, l.picked = 0.02, true }, -0.02 + 6, true},
		"picked, laid where the work is done": {
			func(l *lift) { l.reach, l.astray, l.picked = 0.06, 0.02, true }, -0.06 + 6, true},
		"picked, thrown": {func(l *lift) { l.reach, l.height, l.picked = 0.1, 0.2, true }, -0.1 + 6, false},
	} {
		l := stick
		c.change(&l)
		if got := l.reward(); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
		if l.held() != c.held {
			t.Errorf("%s: held is %t", name, l.held())
		}
	}
	stick.height = 0.05
	if !stick.high() {
		t.Error("5 cm is high enough for the stick: 6 cm less 1 cm")
	}
	if stick.height = 0.0499; stick.high() {
		t.Error("4.99 cm is not")
	}
}

func TestWorkReward(t *testing.T) {
	held := lift{reach: 0.03, height: 0.14, rest: 0.04, enough: 0.09, picked: true, astray: 0.2}
	lost := held
	lost.reach = 0.1
	both := func(d float64) float64 { return 1000 * (math.Exp(-100*d*d) + math.Exp(-1000*d*d)) }
	for name, c := range map[string]struct{ got, want float64 }{
		"push: stick lost":          {lost.pushing(0.1, 0.4, 0.1, 0.2), 0},
		"push: stick on the way":    {held.pushing(0.3, 0.4, 0.2, 0.2), 100 + both(0.3)},
		"push: stick at 11 cm":      {held.pushing(0.11, 0.4, 0.2, 0.2), 290 + both(0.11)},
		"push: at 5 cm exactly":     {held.pushing(0.05, 0.4, 0.1, 0.2), 350 + both(0.05)},
		"push: within 5 cm":         {held.pushing(0.04, 0.4, 0.1, 0.2), 360 + both(0.04) + 100 + 2000*(math.Exp(-10)+math.Exp(-100))},
		"push: never negative":      {held.pushing(2, 0.4, 0.1, 0.2), 0},
		"hammer: lost":              {lost.hammering(0.05, 0.3), 0},
		"hammer: nail driven":       {held.hammering(0.08, 0.3), 220 + both(0.08)},
		"hammer: far from the nail": {held.hammering(1.5, 0.3), 0},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%s: %g, want %g", name, c.got, c.want)
		}
	}
	if got := held.hammering(0, 0.3); got != 2300 {
		t.Errorf("nothing left to do pays %g, want 2300", got)
	}
}
