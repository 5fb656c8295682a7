package render

// Ray is a half line.
type Ray struct {
	Origin, Dir [3]float64 // Dir has unit length
}

// At returns the point at distance t from the origin.
func (r Ray) At(t float64) [3]float64 { return along(r.Origin, r.Dir, t) }

// Ray returns the ray through the point x, y of the view: fractions of its
// width and height from the top left corner. aspect is width over height.
func (c Camera) Ray(x, y, aspect float64) Ray {
	f, s := c.Frame(), c.slope()
	dir := along(along(f.Forward, f.Right, (2*x-1)*s*aspect), f.Up, (1-2*y)*s)
	return Ray{Origin: f.Eye, Dir: unit(dir)}
}

// Project is the inverse of Ray: where in the view the point p appears, and
// its depth along the view direction in metres. A point with depth ≤ 0 is
// behind the camera and has no place in the view; ok is false.
func (c Camera) Project(p [3]float64, aspect float64) (x, y, depth float64, ok bool) {
	f, s := c.Frame(), c.slope()
	d := sub(p, f.Eye)
	depth = dot(d, f.Forward)
	if depth <= 0 {
		return 0, 0, depth, false
	}
	x = (dot(d, f.Right)/(depth*s*aspect) + 1) / 2
	y = (1 - dot(d, f.Up)/(depth*s)) / 2
	return x, y, depth, true
}
