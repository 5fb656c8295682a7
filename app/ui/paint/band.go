package paint

import (
	"image"
	"image/color"
	"math"
)

// Band tints the area between two lines over the same x, which grow, with weight a of
// 255. Points that are not finite leave a gap.
func Band(dst *image.RGBA, clip image.Rectangle, upper, lower []Vec, c color.RGBA, a uint32) {
	clip = clip.Intersect(dst.Rect)
	for i := 1; i < len(upper); i++ {
		u0, u1, l0, l1 := upper[i-1], upper[i], lower[i-1], lower[i]
		if !finite(u0.X) || !finite(u0.Y) || !finite(u1.X) || !finite(u1.Y) || !finite(l0.Y) || !finite(l1.Y) {
			continue
		}
		// Each column belongs to one piece: to that in which its middle lies.
		from, to := int(math.Ceil(u0.X-0.5)), int(math.Ceil(u1.X-0.5))
		for x := max(from, clip.Min.X); x < min(to, clip.Max.X); x++ {
			t := (float64(x) + 0.5 - u0.X) / (u1.X - u0.X)
			top, bottom := u0.Y+t*(u1.Y-u0.Y), l0.Y+t*(l1.Y-l0.Y)
			for y := max(int(math.Round(top)), clip.Min.Y); y < min(int(math.Round(bottom)), clip.Max.Y); y++ {
				Blend(dst, x, y, c, a)
			}
		}
	}
}

// Dashed breaks the lines through points into dashes of on pixels with off pixels
// between. It appends to to, with a point that is not finite after each dash.
func Dashed(to, points []Vec, on, off float64) []Vec {
	drawn, left := true, on
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		length := hypot(b.X-a.X, b.Y-a.Y)
		if !finite(length) {
			to = append(to, Vec{math.NaN(), 0})
			drawn, left = true, on
			continue
		}
		if drawn {
			to = append(to, a)
		}
		at := 0.0
		for length-at > left {
			at += left
			p := Vec{a.X + (b.X-a.X)*at/length, a.Y + (b.Y-a.Y)*at/length}
			to = append(to, p)
			if drawn {
				to = append(to, Vec{math.NaN(), 0})
			}
			if drawn = !drawn; drawn {
				left = on
			} else {
				left = off
			}
		}
		left -= length - at
		if drawn {
			to = append(to, b)
		}
	}
	return to
}
