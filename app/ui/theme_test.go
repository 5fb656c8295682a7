package ui

import (
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"fyne.io/fyne/v2/theme"
)

// Everything that is read has a contrast of at least 4.5 against what it stands
// on (WCAG 2, level AA).
func TestContrast(t *testing.T) {
	inks := []fyne.ThemeColorName{"foreground", colorMuted, "hyperlink", "error", "placeholder", colorReturn, colorViolation, colorLambda, colorReal}
	inks = append(inks, colorSeries[:]...)
	for name, p := range map[string]palette{"dark": darkPalette, "light": lightPalette} {
		for _, ink := range inks {
			for _, ground := range []fyne.ThemeColorName{"background", colorPanel, "inputBackground", "overlayBackground"} {
				if c := contrast(p[ink], p[ground]); c < 4.5 {
					t.Errorf("%s: %s on %s has contrast %.2f", name, ink, ground, c)
				}
			}
		}
		for _, on := range [][2]fyne.ThemeColorName{{"foregroundOnPrimary", "primary"}, {"foregroundOnError", "error"}, {"foreground", "button"}} {
			if c := contrast(p[on[0]], p[on[1]]); c < 4.5 {
				t.Errorf("%s: %s on %s has contrast %.2f", name, on[0], on[1], c)
			}
		}
	}
}

func contrast(a, b color.NRGBA) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is WCAG's relative luminance.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// Both appearances name the same colours.
func TestPalettesAgree(t *testing.T) {
	for name := range darkPalette {
		if _, ok := lightPalette[name]; !ok {
			t.Errorf("light lacks %s", name)
		}
	}
	if len(darkPalette) != len(lightPalette) {
		t.Errorf("%d colours dark, %d light", len(darkPalette), len(lightPalette))
	}
}

// The theme's button changes every colour, also those painted as pixels.
func TestSwitchingTheTheme(t *testing.T) {
	b := newBench(t)
	b.planned()
	b.film.strip.draw(900, 260)
	dark := b.film.strip.painter.image.RGBAAt(0, 0)
	b.switchTheme()
	b.film.strip.draw(900, 260)
	light := b.film.strip.painter.image.RGBAAt(0, 0)
	if dark.R > 0x40 || light.R < 0xc0 {
		t.Errorf("the strip's ground is %v, then %v", dark, light)
	}
	if got := theme.ColorForWidget(theme.ColorNameForeground, b.film.strip); got != color.Color(lightPalette["foreground"]) {
		t.Errorf("the foreground is %v", got)
	}
}

// The strip as a picture, in both appearances.
func TestStripPicture(t *testing.T) {
	b := newBench(t)
	b.planned()
	b.film.track.seek(60)
	b.refresh()
	b.film.strip.mark(12)
	for name, dark := range map[string]bool{"strip-dark.png": true, "strip-light.png": false} {
		b.app.Settings().SetTheme(newTheme(dark))
		w := test.NewTempWindow(t, b.film.root)
		w.Resize(fyne.NewSize(1100, 280))
		test.AssertRendersToImage(t, name, w.Canvas())
	}
}
