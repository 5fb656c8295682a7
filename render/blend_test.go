package render

import (
	"math"
	"testing"
)

// turned is a rotation about z.
func turned(angle float64) [9]float32 {
	c, s := float32(math.Cos(angle)), float32(math.Sin(angle))
	return [9]float32{c, -s, 0, s, c, 0, 0, 0, 1}
}

func TestBlendLiesBetween(t *testing.T) {
	from := Scene{Geoms: []Geom{{Shape: Box, Pos: [3]float32{0, 2, 4}, Mat: turned(0.2)}}}
	to := Scene{Geoms: []Geom{{Shape: Box, Pos: [3]float32{4, 2, 0}, Mat: turned(1.0)}}}
	to.Blend(&from, 0.5)
	want := turned(0.6) // half way: the mean of two rotations about one axis, normalised
	g := to.Geoms[0]
	if g.Pos != [3]float32{2, 2, 2} {
		t.Errorf("position %v, want the middle", g.Pos)
	}
	for k := range want {
		if math.Abs(float64(g.Mat[k]-want[k])) > 1e-6 {
			t.Fatalf("rotation %v, want %v", g.Mat, want)
		}
	}
}

func TestBlendEnds(t *testing.T) {
	from := Scene{Geoms: []Geom{{Shape: Sphere, Pos: [3]float32{1, 0, 0}, Mat: turned(0)}}}
	for f, want := range map[float32]float32{0: 1, 1: 3} {
		to := Scene{Geoms: []Geom{{Shape: Sphere, Pos: [3]float32{3, 0, 0}, Mat: turned(0)}}}
		if to.Blend(&from, f); to.Geoms[0].Pos[0] != want {
			t.Errorf("f = %g: x = %g, want %g", f, to.Geoms[0].Pos[0], want)
		}
	}
	other := Scene{Geoms: make([]Geom, 2)}
	if other.Blend(&from, 0); other.Geoms[0] != (Geom{}) {
		t.Error("scenes of different geoms were blended")
	}
}
