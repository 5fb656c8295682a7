package render

import (
	"math"
	"math/rand"
	"testing"
)

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func nearVec(a, b vec, tolerance float64) bool { return norm(sub(a, b)) <= tolerance }

// randomCamera has any azimuth, elevation, distance, field of view and target.
func randomCamera(r *rand.Rand) Camera {
	return Camera{
		LookAt:   vec{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()},
		Distance: 0.1 + 5*r.Float64(), Azimuth: 720*r.Float64() - 360, Elevation: 180*r.Float64() - 90,
		FovY: 20 + 80*r.Float64(),
	}
}

func TestFrameAtNamedAngles(t *testing.T) {
	for _, test := range []struct {
		azimuth, elevation float64
		right, up, forward vec
	}{
		{0, 0, vec{0, -1, 0}, vec{0, 0, 1}, vec{1, 0, 0}},
		{90, 0, vec{1, 0, 0}, vec{0, 0, 1}, vec{0, 1, 0}},
		{90, -90, vec{1, 0, 0}, vec{0, 1, 0}, vec{0, 0, -1}}, // a map: x right, y up
		{0, -90, vec{0, -1, 0}, vec{1, 0, 0}, vec{0, 0, -1}},
		{90, 90, vec{1, 0, 0}, vec{0, -1, 0}, vec{0, 0, 1}},
	} {
		f := Camera{Distance: 2, Azimuth: test.azimuth, Elevation: test.elevation}.Frame()
		if !nearVec(f.Right, test.right, 1e-12) || !nearVec(f.Up, test.up, 1e-12) ||
			!nearVec(f.Forward, test.forward, 1e-12) || !nearVec(f.Eye, scale(test.forward, -2), 1e-12) {
			t.Errorf("azimuth %g, elevation %g: %+v", test.azimuth, test.elevation, f)
		}
	}
}

func TestFrameIsOrthonormal(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 100 {
		f := randomCamera(r).Frame()
		for _, d := range []float64{dot(f.Right, f.Up), dot(f.Up, f.Forward), dot(f.Forward, f.Right),
			norm(f.Right) - 1, norm(f.Up) - 1, norm(f.Forward) - 1} {
			if !near(d, 0, 1e-12) {
				t.Fatalf("%+v is not orthonormal", f)
			}
		}
		if f.Up[2] < -1e-12 {
			t.Fatalf("%+v is upside down", f)
		}
	}
}

func TestProjectInvertsRay(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for range 1000 {
		c, aspect := randomCamera(r), 0.5+r.Float64()
		x, y := r.Float64(), r.Float64()
		gotX, gotY, depth, ok := c.Project(c.Ray(x, y, aspect).At(0.1+r.Float64()), aspect)
		if !ok || depth <= 0 || !near(gotX, x, 1e-9) || !near(gotY, y, 1e-9) {
			t.Fatalf("%+v: (%g, %g) came back as (%g, %g), %v", c, x, y, gotX, gotY, ok)
		}
	}
}

// The matrices that draw and the fractions that pick must agree.
func TestProjectAgreesWithMatrices(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	for range 1000 {
		c, aspect := randomCamera(r), 0.5+r.Float64()
		p := vec{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		q := c.Projection(aspect, 0.01, 100).Mul(c.View()).Apply(p)
		x, y, depth, ok := c.Project(p, aspect)
		if ok != (q[3] > 0) || !near(depth, q[3], 1e-9) {
			t.Fatalf("depth %g, %v; clip w %g", depth, ok, q[3])
		}
		if ok && (!near(x, (q[0]/q[3]+1)/2, 1e-6) || !near(y, (1-q[1]/q[3])/2, 1e-6)) {
			t.Fatalf("(%g, %g) against clip %v", x, y, q)
		}
	}
}

func TestDepthRange(t *testing.T) {
	for _, m := range []Mat4{Perspective(45, 1.5, 0.5, 20), Orthographic(3, 2, 0.5, 20)} {
		for z, want := range map[float64]float64{0.5: -1, 20: 1} {
			if q := m.Apply(vec{0, 0, -z}); !near(q[2]/q[3], want, 1e-12) {
				t.Errorf("distance %g has clip depth %g, want %g", z, q[2]/q[3], want)
			}
		}
	}
	if q := Orthographic(3, 2, 0.5, 20).Apply(vec{3, 2, -1}); !near(q[0], 1, 1e-12) || !near(q[1], 1, 1e-12) {
		t.Errorf("corner at %v, want (1, 1)", q)
	}
}

func TestOrbit(t *testing.T) {
	c := Camera{Distance: 1, Azimuth: 90, Elevation: -30}
	c.Orbit(0.25, 0.1)
	if !near(c.Azimuth, 45, 1e-9) || !near(c.Elevation, -48, 1e-9) {
		t.Errorf("azimuth %g, elevation %g, want 45, -48", c.Azimuth, c.Elevation)
	}
	if c.Orbit(0, 10); c.Elevation != -90 {
		t.Errorf("elevation %g, want -90", c.Elevation)
	}
	if c.Orbit(0, -10); c.Elevation != 90 {
		t.Errorf("elevation %g, want 90", c.Elevation)
	}
}

func TestOrbitRightsTheCamera(t *testing.T) {
	for _, elevation := range []float64{-165, 140, 200, -300} {
		c := Camera{Distance: 1, Azimuth: 205, Elevation: elevation}
		before := c.Frame()
		c.Orbit(0, 0)
		after := c.Frame()
		if !nearVec(before.Forward, after.Forward, 1e-12) || after.Up[2] < 0 {
			t.Errorf("elevation %g: forward %v, up %v became %v, %v", elevation,
				before.Forward, before.Up, after.Forward, after.Up)
		}
	}
}

// What is at the target's depth under the pointer stays there.
func TestPanFollowsPointer(t *testing.T) {
	r := rand.New(rand.NewSource(4))
	for range 100 {
		c, aspect := randomCamera(r), 1.3
		dx, dy := r.NormFloat64(), r.NormFloat64()
		p := c.LookAt
		c.Pan(dx, dy)
		x, y, depth, _ := c.Project(p, aspect)
		if !near(x, 0.5+dx/aspect, 1e-9) || !near(y, 0.5+dy, 1e-9) || !near(depth, c.Distance, 1e-9) {
			t.Fatalf("moved to (%g, %g) by (%g, %g)", x, y, dx, dy)
		}
	}
}

func TestZoom(t *testing.T) {
	c := Camera{Distance: 2}
	c.Zoom(0.5)
	if !near(c.Distance, 2/math.E, 1e-12) {
		t.Errorf("distance %g, want 2/e", c.Distance)
	}
	if c.Zoom(-0.5); !near(c.Distance, 2, 1e-12) {
		t.Errorf("distance %g after zooming back, want 2", c.Distance)
	}
	if c.Zoom(1e9); c.Distance != minDistance {
		t.Errorf("distance %g, want %g", c.Distance, minDistance)
	}
	if c.Zoom(-1e9); c.Distance != maxDistance {
		t.Errorf("distance %g, want %g", c.Distance, maxDistance)
	}
}
