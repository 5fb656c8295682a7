package engine

import (
	"image/color"
	"slices"
)

// palette is the 256 colours that stand for those of an animation, chosen by cutting
// the colours in two where they differ most (median cut, Heckbert 1982, with the
// variance deciding what is cut), and then moved to the middle of those they stand
// for (Lloyd's iteration).
type palette struct {
	colors color.Palette
	nearby map[uint32]uint8 // index of the nearest by bin
}

const (
	paletteSize  = 256
	paletteBits  = 6 // of a component that tell colours apart
	paletteMoves = 2 // of Lloyd's iteration
)

// tint is all pixels of nearly one colour: their mean and how many there are.
type tint struct {
	mean  [3]float64
	count float64
}

func binOf(r, g, b uint8) uint32 {
	const drop = 8 - paletteBits
	return uint32(r>>drop)<<(2*paletteBits) | uint32(g>>drop)<<paletteBits | uint32(b>>drop)
}

// newPalette chooses for pixels (RGB, at least one).
func newPalette(pixels []uint8) *palette {
	tints, bins := histogram(pixels)
	boxes := [][]tint{slices.Clone(tints)}
	for len(boxes) < paletteSize {
		i, axis := worst(boxes)
		if i < 0 {
			break // every colour has its own
		}
		low, high := cut(boxes[i], axis)
		boxes[i] = low
		boxes = append(boxes, high)
	}
	means := make([][3]float64, len(boxes))
	for i, b := range boxes {
		means[i] = meanTint(b)
	}
	for range paletteMoves {
		settle(means, tints)
	}
	p := &palette{nearby: make(map[uint32]uint8, len(tints))}
	for _, m := range means {
		p.colors = append(p.colors, color.RGBA{uint8(m[0] + 0.5), uint8(m[1] + 0.5), uint8(m[2] + 0.5), 255})
	}
	for i, bin := range bins {
		p.nearby[bin] = uint8(nearestMean(means, tints[i].mean))
	}
	return p
}

// indices are the palette's colours for 64×64 pixels that it was chosen for.
func (p *palette) indices(pixels []uint8) []uint8 {
	out := make([]uint8, len(pixels)/3)
	for i := range out {
		out[i] = p.nearby[binOf(pixels[3*i], pixels[3*i+1], pixels[3*i+2])]
	}
	return out
}

// histogram sums pixels up by bin, in the order of the bins.
func histogram(pixels []uint8) (tints []tint, bins []uint32) {
	all := make([]tint, 1<<(3*paletteBits))
	for i := 0; i+2 < len(pixels); i += 3 {
		t := &all[binOf(pixels[i], pixels[i+1], pixels[i+2])]
		t.count++
		for c := range t.mean {
			t.mean[c] += float64(pixels[i+c])
		}
	}
	for bin, t := range all {
		if t.count == 0 {
			continue
		}
		for c := range t.mean {
			t.mean[c] /= t.count
		}
		tints, bins = append(tints, t), append(bins, uint32(bin))
	}
	return tints, bins
}

func meanTint(box []tint) (mean [3]float64) {
	n := 0.0
	for _, t := range box {
		n += t.count
		for c := range mean {
			mean[c] += t.count * t.mean[c]
		}
	}
	for c := range mean {
		mean[c] /= n
	}
	return mean
}

// worst finds the box and the component with the largest sum of squared differences
// from the mean; −1 if there is none.
func worst(boxes [][]tint) (box, axis int) {
	box, most := -1, 0.0
	for i, b := range boxes {
		if len(b) < 2 {
			continue
		}
		mean := meanTint(b)
		var spread [3]float64
		for _, t := range b {
			for c := range spread {
				d := t.mean[c] - mean[c]
				spread[c] += t.count * d * d
			}
		}
		for c, s := range spread {
			if s > most {
				box, axis, most = i, c, s
			}
		}
	}
	return box, axis
}

// cut parts a box of at least two tints at its mean, into two that are not empty.
func cut(box []tint, axis int) (low, high []tint) {
	slices.SortStableFunc(box, func(a, b tint) int {
		switch {
		case a.mean[axis] < b.mean[axis]:
			return -1
		case a.mean[axis] > b.mean[axis]:
			return 1
		}
		return 0
	})
	middle := meanTint(box)[axis]
	at := 1
	for at < len(box)-1 && box[at].mean[axis] < middle {
		at++
	}
	return box[:at:at], box[at:]
}

// settle moves every colour to the mean of the tints that it is nearest to.
func settle(means [][3]float64, tints []tint) {
	groups := make([][]tint, len(means))
	for _, t := range tints {
		i := nearestMean(means, t.mean)
		groups[i] = append(groups[i], t)
	}
	for i, g := range groups {
		if len(g) > 0 {
			means[i] = meanTint(g)
		}
	}
}

func nearestMean(means [][3]float64, to [3]float64) int {
	best, least := 0, 1e18
	for i, m := range means {
		dr, dg, db := m[0]-to[0], m[1]-to[1], m[2]-to[2]
		if d := dr*dr + dg*dg + db*db; d < least {
			best, least = i, d
		}
	}
	return best
}
