package ui

import "fyne.io/fyne/v2"

// seekKey is where a key takes a track of count places from place at; false if it is
// not one that moves.
func seekKey(key fyne.KeyName, at, count int) (to int, ok bool) {
	switch key {
	case fyne.KeyLeft:
		return at - 1, true
	case fyne.KeyRight:
		return at + 1, true
	case fyne.KeyHome:
		return 0, true
	case fyne.KeyEnd:
		return count - 1, true
	}
	return at, false
}
