package dual

import (
	"math"
	"testing"
)

// The published numbers of both rules: REFERENCE values worked out by hand.
func TestUpdateFactors(t *testing.T) {
	for _, c := range []struct {
		name   string
		rule   Rule
		ratio  float64 // violation / ε
		factor float64
	}{
		{"paper equilibrium", Paper(0.1), 0.99, 1},
		{"paper shrinks most", Paper(0.1), 0, 1 + 0.1*math.Log(0.01)},
		{"paper far out", Paper(0.1), 1e4, 1 + 0.1*math.Log(1e4+0.01)},
		{"released equilibrium", Released(0.1), 0.9, 1},
		{"released shrinks most", Released(0.1), 0, 0.9},
		{"released far out", Released(0.1), 1e4, 1.4},
	} {
		m := []float64{3}
		c.rule.Update(m, []float64{c.ratio * 1e-4}, 1e-4)
		if math.Abs(m[0]/3-c.factor) > 1e-6 {
			t.Errorf("%s: factor %g, want %g", c.name, m[0]/3, c.factor)
		}
	}
}

func TestActionViolation(t *testing.T) {
	for _, c := range []struct{ a, paper, released float64 }{
		{0.5, 0, 0}, {-1, 0, 0}, {1.5, 0.25, 1.25}, {-3, 4, 8},
	} {
		if got := Paper(1).Action(c.a); got != c.paper {
			t.Errorf("paper(%g) = %g, want %g", c.a, got, c.paper)
		}
		if got := Released(1).Action(c.a); got != c.released {
			t.Errorf("released(%g) = %g, want %g", c.a, got, c.released)
		}
	}
}
