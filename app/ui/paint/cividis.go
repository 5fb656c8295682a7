package paint

import (
	"image/color"
	"math"
)

// The cividis map (Nuñez, Anderton, Renslow 2018, "Optimizing colormaps with
// consideration for color vision deficiency") at ten equal steps; between them
// the components are interpolated.
var cividisAnchors = [10]color.RGBA{
	{0x00, 0x22, 0x4e, 255}, {0x12, 0x35, 0x70, 255}, {0x3b, 0x49, 0x6c, 255},
	{0x57, 0x5d, 0x6d, 255}, {0x70, 0x71, 0x73, 255}, {0x8a, 0x86, 0x78, 255},
	{0xa5, 0x9c, 0x74, 255}, {0xc3, 0xb3, 0x69, 255}, {0xe1, 0xcc, 0x55, 255},
	{0xfe, 0xe8, 0x38, 255},
}

// Cividis maps v in [0, 1] to a colour, dark blue to yellow; values outside are
// clipped and NaN is dark blue.
func Cividis(v float64) color.RGBA {
	if math.IsNaN(v) {
		v = 0
	}
	at := clamp01(v) * float64(len(cividisAnchors)-1)
	i := min(int(at), len(cividisAnchors)-2)
	a := uint32(255*(at-float64(i)) + 0.5)
	lo, hi := cividisAnchors[i], cividisAnchors[i+1]
	return color.RGBA{mix(lo.R, hi.R, a), mix(lo.G, hi.G, a), mix(lo.B, hi.B, a), 255}
}

// LogScale maps positive quantities to [0, 1] by their logarithm.
type LogScale struct{ Min, Max float64 }

// At gives 0 for values ≤ Min and 1 for values ≥ Max.
func (s LogScale) At(v float64) float64 {
	if !(v > s.Min) {
		return 0
	}
	return clamp01(math.Log(v/s.Min) / math.Log(s.Max/s.Min))
}
