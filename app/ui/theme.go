package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/latco-studio/latco/app/ui/paint"
)

// studioTheme is the window's look. Its appearance is the user's choice in the
// top bar, not the system's.
type studioTheme struct{ colors palette }

func newTheme(dark bool) fyne.Theme {
	if dark {
		return studioTheme{darkPalette}
	}
	return studioTheme{lightPalette}
}

func (t studioTheme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := t.colors[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, t.variant())
}

func (t studioTheme) variant() fyne.ThemeVariant {
	if t.colors["background"].R < 0x80 {
		return theme.VariantDark
	}
	return theme.VariantLight
}

func (studioTheme) Font(s fyne.TextStyle) fyne.Resource     { return theme.DefaultTheme().Font(s) }
func (studioTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(n) }

var themeSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:            13,
	theme.SizeNameCaptionText:     11.5,
	theme.SizeNameSubHeadingText:  15,
	theme.SizeNameHeadingText:     20,
	theme.SizeNamePadding:         4,
	theme.SizeNameInnerPadding:    7,
	theme.SizeNameInlineIcon:      17,
	theme.SizeNameInputRadius:     6,
	theme.SizeNameSelectionRadius: 4,
	theme.SizeNameScrollBar:       10,
	theme.SizeNameScrollBarSmall:  4,
}

func (studioTheme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := themeSizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}

// colorOf is a themed colour for painting pixels.
func colorOf(name fyne.ThemeColorName, w fyne.Widget) color.RGBA {
	return paint.Opaque(theme.ColorForWidget(name, w))
}
