package render

import "math"

// Blend moves every geom of s back towards where it is in from: f = 0 shows
// from, 1 leaves s alone. It draws what lies between two steps of a simulation.
// Scenes of different geoms are not blended.
func (s *Scene) Blend(from *Scene, f float32) {
	if len(s.Geoms) != len(from.Geoms) {
		return
	}
	for i := range s.Geoms {
		to, was := &s.Geoms[i], &from.Geoms[i]
		if to.Object != was.Object || to.Shape != was.Shape {
			continue
		}
		for k := range to.Pos {
			to.Pos[k] = was.Pos[k] + f*(to.Pos[k]-was.Pos[k])
		}
		if to.Mat != was.Mat {
			for k := range to.Mat {
				to.Mat[k] = was.Mat[k] + f*(to.Mat[k]-was.Mat[k])
			}
			orthonormalise(&to.Mat)
		}
	}
}

// orthonormalise turns what lies between two rotations that are less than half
// a turn apart into a rotation: Gram-Schmidt on the rows.
func orthonormalise(m *[9]float32) {
	for r := range 3 {
		row := m[3*r : 3*r+3]
		for q := range r {
			other := m[3*q : 3*q+3]
			d := row[0]*other[0] + row[1]*other[1] + row[2]*other[2]
			for k := range row {
				row[k] -= d * other[k]
			}
		}
		n := float32(math.Sqrt(float64(row[0]*row[0] + row[1]*row[1] + row[2]*row[2])))
		for k := range row {
			row[k] /= max(n, 1e-9)
		}
	}
}
