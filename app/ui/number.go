package ui

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// figure writes a number with three significant digits: 18.2, 0.00421, 1.3e-6.
func figure(v float64) string {
	switch {
	case math.IsNaN(v):
		return "not a number"
	case math.IsInf(v, 0):
		return strings.Replace(fmt.Sprint(v), "Inf", "∞", 1)
	case v == 0:
		return "0"
	}
	if a := math.Abs(v); a >= 1e5 || a < 1e-3 {
		return power(strconv.FormatFloat(v, 'e', 2, 64))
	}
	digits := max(0, 2-int(math.Floor(math.Log10(math.Abs(v)))))
	return strconv.FormatFloat(v, 'f', digits, 64)
}

// short writes a number for an axis: 1000, 2.5, 1e-4, 3e6.
func short(v float64) string {
	return plain(rounded(v, 4))
}

var exponents = strings.NewReplacer("e-0", "e-", "e+0", "e", "e+", "e")

// power writes exponents without padding: e-4, e6.
func power(s string) string {
	return exponents.Replace(s)
}

// plain writes a number shortly, and so that parsing gives it back up to 12
// digits, which hides the rounding of decimal steps: 30, 0.25, 1e-4.
func plain(v float64) string {
	v = rounded(v, 12)
	if a := math.Abs(v); a != 0 && (a < 1e-3 || a >= 1e6) {
		return power(strconv.FormatFloat(v, 'e', -1, 64))
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// rounded keeps so many significant digits.
func rounded(v float64, digits int) float64 {
	out, _ := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64)
	return out
}

// whole groups thousands with a thin space: 12 000.
func whole(n int) string {
	s := strconv.Itoa(n)
	start := 0
	if n < 0 {
		start = 1
	}
	for i := len(s) - 3; i > start; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

// seconds writes a wall time: 0.84 s, 14 s, 3 min 20 s, 2 h 5 min.
func seconds(d time.Duration) string {
	s := int(math.Round(d.Seconds()))
	switch {
	case d < 0:
		return "–"
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
	case d < time.Minute:
		return strconv.Itoa(s) + " s"
	case d < time.Hour:
		return fmt.Sprintf("%d min %d s", s/60, s%60)
	}
	return fmt.Sprintf("%d h %d min", s/3600, s/60%60)
}

// ago says how long before now a moment was.
func ago(at, now time.Time) string {
	if d := now.Sub(at); d >= 10*time.Second {
		return seconds(d) + " ago"
	}
	return "just now"
}
