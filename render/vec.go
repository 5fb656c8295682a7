package render

import "math"

// vec is a point or direction in world coordinates, metres.
type vec = [3]float64

func add(a, b vec) vec              { return vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }
func sub(a, b vec) vec              { return vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }
func scale(a vec, s float64) vec    { return vec{a[0] * s, a[1] * s, a[2] * s} }
func along(a, d vec, t float64) vec { return add(a, scale(d, t)) }
func dot(a, b vec) float64          { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }
func cross(a, b vec) vec {
	return vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
func norm(a vec) float64                    { return math.Sqrt(dot(a, a)) }
func unit(a vec) vec                        { return scale(a, 1/norm(a)) }
func wide(a [3]float32) vec                 { return vec{float64(a[0]), float64(a[1]), float64(a[2])} }
func sincos(degrees float64) (s, c float64) { return math.Sincos(degrees * math.Pi / 180) }
