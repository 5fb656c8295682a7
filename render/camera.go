package render

import "math"

// Camera looks at a point from a distance, as MuJoCo's free camera does.
//
// With azimuth α and elevation ε the view direction is
// (cos ε cos α, cos ε sin α, sin ε); the right-hand direction
// (sin α, −cos α, 0) does not depend on ε, so that the picture stays upright
// and well defined when the camera looks straight down or up.
type Camera struct {
	LookAt    [3]float64 // metres
	Distance  float64    // metres, > 0
	Azimuth   float64    // degrees; 0 looks along +x, 90 along +y
	Elevation float64    // degrees; −90 looks straight down
	FovY      float64    // degrees, vertical; 0 means 45
}

const (
	defaultFovY = 45.0

	// minDistance and maxDistance bound Zoom, metres.
	minDistance, maxDistance = 1e-3, 1e6
	// zoomRate is the logarithmic change of distance for a whole view height.
	zoomRate = 2.0
	// degreesPerView is the turn for a drag over a whole view height.
	degreesPerView = 180.0
)

// Fov returns the vertical field of view in degrees, the default applied.
func (c Camera) Fov() float64 {
	if c.FovY == 0 {
		return defaultFovY
	}
	return c.FovY
}

// Frame returns where the camera is and how it is turned.
func (c Camera) Frame() Frame {
	sa, ca := sincos(c.Azimuth)
	se, ce := sincos(c.Elevation)
	f := Frame{
		Right:   vec{sa, -ca, 0},
		Up:      vec{-se * ca, -se * sa, ce},
		Forward: vec{ce * ca, ce * sa, se},
	}
	f.Eye = along(c.LookAt, f.Forward, -c.Distance)
	return f
}

// View maps the world to camera axes: x right, y up, z backward.
func (c Camera) View() Mat4 { return c.Frame().View() }

// Projection maps camera axes to GL clip space. aspect is width over height.
func (c Camera) Projection(aspect, near, far float64) Mat4 {
	return Perspective(c.Fov(), aspect, near, far)
}

// Orbit turns the camera about LookAt by a drag of (dx, dy), fractions of the
// view's height, y down: the scene follows the pointer. The elevation stays in
// [−90°, 90°]; a camera that is upside down is first righted, which keeps its
// direction.
func (c *Camera) Orbit(dx, dy float64) {
	c.upright()
	c.Azimuth = math.Remainder(c.Azimuth-dx*degreesPerView, 360)
	c.Elevation = min(max(c.Elevation-dy*degreesPerView, -90), 90)
}

// upright finds the angles of the same direction with up pointing up.
func (c *Camera) upright() {
	c.Elevation = math.Remainder(c.Elevation, 360)
	switch {
	case c.Elevation > 90:
		c.Azimuth, c.Elevation = c.Azimuth+180, 180-c.Elevation
	case c.Elevation < -90:
		c.Azimuth, c.Elevation = c.Azimuth+180, -180-c.Elevation
	}
}

// Pan shifts LookAt in the image plane by a drag of (dx, dy), fractions of the
// view's height, y down: what is at LookAt's depth stays under the pointer.
func (c *Camera) Pan(dx, dy float64) {
	f := c.Frame()
	height := 2 * c.Distance * c.slope()
	c.LookAt = along(along(c.LookAt, f.Right, -dx*height), f.Up, dy*height)
}

// Zoom comes closer by d, a fraction of the view's height (negative: away).
// Equal steps change the distance by equal factors.
func (c *Camera) Zoom(d float64) {
	c.Distance = min(max(c.Distance*math.Exp(-zoomRate*d), minDistance), maxDistance)
}

// slope is half the view's height at unit distance.
func (c Camera) slope() float64 { return math.Tan(c.Fov() * math.Pi / 360) }
