package ui

import "fyne.io/fyne/v2"

// memory is what the window remembers from one start to the next.
type memory struct{ fyne.Preferences }

const (
	keyWidth   = "window.width"
	keyHeight  = "window.height"
	keyUpper   = "window.split.side"
	keyBody    = "window.split.film"
	keySide    = "window.side.hidden"
	keyLight   = "window.light"
	keyPlanner = "planner"
	keyRecent  = "scene.recent"
	keyData    = "data.folders"
)

// The drawing's proportions.
const (
	firstWidth, firstHeight = 1440, 900
	firstUpper, firstBody   = 0.72, 0.65
)

func (m memory) dark() bool       { return !m.Bool(keyLight) }
func (m memory) sideHidden() bool { return m.Bool(keySide) }
func (m memory) planner() string  { return m.String(keyPlanner) }

func (m memory) window() fyne.Size {
	return fyne.NewSize(float32(m.FloatWithFallback(keyWidth, firstWidth)), float32(m.FloatWithFallback(keyHeight, firstHeight)))
}

func (m memory) splits() (upper, body float64) {
	return m.FloatWithFallback(keyUpper, firstUpper), m.FloatWithFallback(keyBody, firstBody)
}
