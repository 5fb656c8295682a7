package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/theme"
)

// width gives objects a width of their own.
func width(w float32, o fyne.CanvasObject) *fyne.Container {
	return container.New(fixedWidth(w), o)
}

type fixedWidth float32

func (w fixedWidth) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(float32(w), o[0].MinSize().Height)
}

func (w fixedWidth) Layout(o []fyne.CanvasObject, size fyne.Size) { o[0].Resize(size) }

// tight shrinks the padding inside controls, for rows of small ones.
func tight(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, tightTheme{})
}

// link makes quiet buttons small and blue.
func link(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, linkTheme{})
}

// tightTheme is the app's theme with less padding inside controls.
type tightTheme struct{}

func (tightTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameInnerPadding {
		return 4
	}
	return appTheme().Size(name)
}
func (tightTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	return appTheme().Color(n, v)
}
func (tightTheme) Font(s fyne.TextStyle) fyne.Resource     { return appTheme().Font(s) }
func (tightTheme) Icon(n fyne.ThemeIconName) fyne.Resource { return appTheme().Icon(n) }

// blue gives sliders the primary colour.
func blue(o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewThemeOverride(o, blueTheme{})
}

// blueTheme is tightTheme with the primary colour in front.
type blueTheme struct{ tightTheme }

func (t blueTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if n == theme.ColorNameForeground {
		n = theme.ColorNamePrimary
	}
	return t.tightTheme.Color(n, v)
}

// linkTheme is tightTheme with the text of links.
type linkTheme struct{ tightTheme }

func (t linkTheme) Size(name fyne.ThemeSizeName) float32 {
	if name == theme.SizeNameText {
		return appTheme().Size(theme.SizeNameCaptionText)
	}
	return t.tightTheme.Size(name)
}

func (t linkTheme) Color(n fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	if n == theme.ColorNameForeground {
		n = theme.ColorNameHyperlink
	}
	return t.tightTheme.Color(n, v)
}

// appTheme is the theme of the whole window. (theme.Current is the one a widget
// is being drawn with, which would be tightTheme itself.)
func appTheme() fyne.Theme { return fyne.CurrentApp().Settings().Theme() }
