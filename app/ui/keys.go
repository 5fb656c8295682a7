package ui

import "fyne.io/fyne/v2"

// shortcut is one line of the help overlay and what its keys do.
type shortcut struct {
	label string // as a person reads it: "Shift+R"; "" if another line tells it
	help  string
	names []fyne.KeyName
	runes []rune
	do    func()
}

// keyMap finds the shortcut of a key. Keys reach it from the canvas while
// nothing has the focus, and from every control that has it and makes no use of
// the key. Text entries keep their keys to themselves.
type keyMap struct {
	shortcuts []shortcut
	blocked   func() bool // a dialog or menu is open
	opens     func()      // Ctrl+O, which a focused entry gets first
}

// Signs are looked up as typed characters, so that they work on keyboards where
// [ needs a modifier; keys without a character by name.
func (k *keyMap) typedRune(r rune) {
	k.find(func(s *shortcut) bool {
		for _, c := range s.runes {
			if c == r {
				return true
			}
		}
		return false
	})
}

func (k *keyMap) typedKey(e *fyne.KeyEvent) {
	k.find(func(s *shortcut) bool {
		for _, n := range s.names {
			if n == e.Name {
				return true
			}
		}
		return false
	})
}

func (k *keyMap) find(match func(*shortcut) bool) {
	if k.blocked != nil && k.blocked() {
		return
	}
	for i := range k.shortcuts {
		if match(&k.shortcuts[i]) && k.shortcuts[i].do != nil {
			k.shortcuts[i].do()
			return
		}
	}
}
