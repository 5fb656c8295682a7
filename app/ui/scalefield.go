package ui

import (
	"math"
	"strconv"

	"github.com/latco-studio/latco/resources/setting"
)

// fieldScale maps a slider's position in [0, 1] to the value of a field and
// back, linearly or logarithmically.
type fieldScale struct {
	min, max float64
	log      bool
	whole    bool
}

// scaleOf returns the scale of a number and whether a slider makes sense for it.
func scaleOf(f setting.Field) (fieldScale, bool) {
	s := fieldScale{min: f.Min, max: f.Max, log: f.Log}
	switch f.Value.(type) {
	case *int:
		s.whole = true
	case *float64:
	default:
		return s, false
	}
	bounded := !math.IsInf(s.min, 0) && !math.IsInf(s.max, 0) && s.max > s.min
	return s, bounded
}

// steps is how many positions the slider distinguishes.
func (s fieldScale) steps() int {
	if s.whole && !s.log && s.max-s.min <= 400 {
		return int(s.max - s.min)
	}
	return 240
}

// low is where a logarithmic scale begins: a range from 0 (or below) shows six
// decades, and its left end stands for the minimum itself.
func (s fieldScale) low() float64 {
	if s.min > 0 {
		return s.min
	}
	return s.max * 1e-6
}

func (s fieldScale) position(v float64) float64 {
	if !s.log {
		return min(max((v-s.min)/(s.max-s.min), 0), 1)
	}
	if v <= s.low() {
		return 0
	}
	return min(math.Log(v/s.low())/math.Log(s.max/s.low()), 1)
}

// text is the value at a slider position as a person would type it: rounded,
// but never out of range.
func (s fieldScale) text(position float64) string {
	var v float64
	switch {
	case position <= 0:
		v = s.min
	case position >= 1:
		v = s.max
	case s.log:
		v = rounded(s.low()*math.Pow(s.max/s.low(), position), 2)
	default:
		step := math.Pow(10, math.Floor(math.Log10((s.max-s.min)/100)))
		v = math.Round((s.min+position*(s.max-s.min))/step) * step
	}
	v = min(max(v, s.min), s.max)
	if s.whole {
		return strconv.Itoa(int(math.Round(v)))
	}
	if short := plain(v); s.allows(short) {
		return short
	}
	return strconv.FormatFloat(v, 'g', -1, 64) // an odd limit, in full
}

func (s fieldScale) allows(text string) bool {
	v, err := strconv.ParseFloat(text, 64)
	return err == nil && v >= s.min && v <= s.max
}
