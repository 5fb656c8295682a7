package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
)

// Colours that Fyne has no name for. One quantity has one hue everywhere.
const (
	colorMuted     fyne.ThemeColorName = "latco.muted"     // captions, less important text
	colorPanel     fyne.ThemeColorName = "latco.panel"     // bars and the side panel
	colorOverlay   fyne.ThemeColorName = "latco.overlay"   // panels over the scene
	colorEmpty     fyne.ThemeColorName = "latco.empty"     // cells and plots without content
	colorLine      fyne.ThemeColorName = "latco.line"      // borders, grids
	colorReturn    fyne.ThemeColorName = "latco.return"    // returns and rewards
	colorViolation fyne.ThemeColorName = "latco.violation" // dynamics violation
	colorLambda    fyne.ThemeColorName = "latco.lambda"    // multipliers
	colorReal      fyne.ThemeColorName = "latco.real"      // what really happened
)

// colorSeries tell things of one kind apart, such as runs: Okabe and Ito's colours
// for every kind of colour vision, as light or dark as the ground asks for.
var colorSeries = [6]fyne.ThemeColorName{"latco.a", "latco.b", "latco.c", "latco.d", "latco.e", "latco.f"}

// palette is every colour of one appearance.
type palette map[fyne.ThemeColorName]color.NRGBA

func rgb(hex uint32) color.NRGBA { return rgba(hex, 0xff) }

func rgba(hex uint32, alpha uint8) color.NRGBA {
	return color.NRGBA{uint8(hex >> 16), uint8(hex >> 8), uint8(hex), alpha}
}

var darkPalette = palette{
	"background": rgb(0x14181f), colorPanel: rgb(0x191e26), colorEmpty: rgb(0x10141a),
	colorOverlay: rgba(0x12161d, 0xd8), colorLine: rgb(0x2b323d),
	"foreground": rgb(0xe7eaee), colorMuted: rgb(0x9ba6b4),
	"primary": rgb(0x4da3ff), "foregroundOnPrimary": rgb(0x0a1523), "focus": rgba(0x4da3ff, 0x90),
	"hyperlink": rgb(0x5cabff), "selection": rgba(0x4da3ff, 0x40),
	"button": rgb(0x242b35), "disabledButton": rgb(0x1c222b), "disabled": rgb(0x667181),
	"hover": rgba(0xffffff, 0x14), "pressed": rgba(0xffffff, 0x2a),
	"inputBackground": rgb(0x20262f), "inputBorder": rgb(0x343d4a), "placeholder": rgb(0x8692a2),
	"menuBackground": rgb(0x202730), "overlayBackground": rgb(0x1b2129), "headerBackground": rgb(0x191e26),
	"separator": rgb(0x2b323d), "scrollBar": rgba(0xb0bccb, 0x70), "scrollBarBackground": rgba(0, 0),
	"shadow": rgba(0x000000, 0x70),
	"error":  rgb(0xff7b72), "foregroundOnError": rgb(0x1b0b0a),
	"success": rgb(0x4cc38a), "foregroundOnSuccess": rgb(0x08160f),
	"warning": rgb(0xf2b134), "foregroundOnWarning": rgb(0x1c1404),
	colorReturn: rgb(0x4da3ff), colorViolation: rgb(0xf2b134), colorLambda: rgb(0xc792f5), colorReal: rgb(0x4cc38a),
	"latco.a": rgb(0x5ea8ff), "latco.b": rgb(0xf0a330), "latco.c": rgb(0x35c4a0),
	"latco.d": rgb(0xe08cc0), "latco.e": rgb(0xff7b4a), "latco.f": rgb(0xf0e442),
}

var lightPalette = palette{
	"background": rgb(0xf3f5f8), colorPanel: rgb(0xfbfcfd), colorEmpty: rgb(0xe6eaef),
	colorOverlay: rgba(0xfbfcfd, 0xe2), colorLine: rgb(0xd5dbe3),
	"foreground": rgb(0x1a2029), colorMuted: rgb(0x586474),
	"primary": rgb(0x1667c7), "foregroundOnPrimary": rgb(0xffffff), "focus": rgba(0x1667c7, 0x80),
	"hyperlink": rgb(0x1667c7), "selection": rgba(0x1667c7, 0x38),
	"button": rgb(0xe6eaf0), "disabledButton": rgb(0xeef1f5), "disabled": rgb(0x8b95a3),
	"hover": rgba(0x000000, 0x10), "pressed": rgba(0x000000, 0x20),
	"inputBackground": rgb(0xedf0f4), "inputBorder": rgb(0xc2cad5), "placeholder": rgb(0x5b6777),
	"menuBackground": rgb(0xffffff), "overlayBackground": rgb(0xffffff), "headerBackground": rgb(0xfbfcfd),
	"separator": rgb(0xd5dbe3), "scrollBar": rgba(0x3c4654, 0x80), "scrollBarBackground": rgba(0, 0),
	"shadow": rgba(0x000000, 0x1c),
	"error":  rgb(0xb3261e), "foregroundOnError": rgb(0xffffff),
	"success": rgb(0x17704a), "foregroundOnSuccess": rgb(0xffffff),
	"warning": rgb(0x8f5600), "foregroundOnWarning": rgb(0xffffff),
	colorReturn: rgb(0x1667c7), colorViolation: rgb(0x8f5600), colorLambda: rgb(0x7b3fbf), colorReal: rgb(0x17704a),
	"latco.a": rgb(0x0a62b5), "latco.b": rgb(0x8f5600), "latco.c": rgb(0x00705a),
	"latco.d": rgb(0x9a3b78), "latco.e": rgb(0xb03a00), "latco.f": rgb(0x6b6400),
}
