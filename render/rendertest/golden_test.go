package rendertest

import (
	"image"
	"image/color"
	"strings"
	"testing"
)

func grey(levels func(x, y int) int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, 40, 20))
	for y := range 20 {
		for x := range 40 {
			l := uint8(levels(x, y))
			m.SetRGBA(x, y, color.RGBA{l, l, l, 255})
		}
	}
	return m
}

func TestDiffer(t *testing.T) {
	plain := grey(func(x, y int) int { return 100 })
	tile := image.Pt(10, 10)
	for name, c := range map[string]struct {
		got  *image.RGBA
		tile image.Point
		want string
	}{
		"equal":                 {plain, tile, ""},
		"a shade":               {grey(func(x, y int) int { return 101 }), tile, ""},
		"two shades":            {grey(func(x, y int) int { return 103 }), image.Point{}, "by 2.25 levels"},
		"a few edge pixels":     {grey(func(x, y int) int { return 100 + 90*b2i(x == 1 && y < 7) }), image.Point{}, ""},
		"the same, in one tile": {grey(func(x, y int) int { return 100 + 90*b2i(x == 31 && y < 7) }), tile, "(30,0)-(40,10)"},
	} {
		err := differ(c.got, plain, c.tile)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
