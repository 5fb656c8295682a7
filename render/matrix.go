package render

import "math"

// Mat4 is a 4×4 matrix, column-major as GL wants it: element (row, col) is
// m[4*col+row]. It acts on column vectors.
type Mat4 [16]float64

// Mul returns the product a·b, which applies b first.
func (a Mat4) Mul(b Mat4) (m Mat4) {
	for col := 0; col < 4; col++ {
		for row := 0; row < 4; row++ {
			for k := 0; k < 4; k++ {
				m[4*col+row] += a[4*k+row] * b[4*col+k]
			}
		}
	}
	return m
}

// Apply returns the homogeneous image of the point p.
func (a Mat4) Apply(p [3]float64) (q [4]float64) {
	for row := range q {
		q[row] = a[row]*p[0] + a[4+row]*p[1] + a[8+row]*p[2] + a[12+row]
	}
	return q
}

// Float32 rounds the elements.
func (a Mat4) Float32() (m [16]float32) {
	for i, v := range a {
		m[i] = float32(v)
	}
	return m
}

// Frame is a point of view: orthonormal axes at an eye.
type Frame struct {
	Eye                [3]float64
	Right, Up, Forward [3]float64
}

// View maps the world to the frame's own axes: x right, y up, z backward.
func (f Frame) View() Mat4 {
	r, u, d := f.Right, f.Up, f.Forward
	return Mat4{
		r[0], u[0], -d[0], 0,
		r[1], u[1], -d[1], 0,
		r[2], u[2], -d[2], 0,
		-dot(r, f.Eye), -dot(u, f.Eye), dot(d, f.Eye), 1,
	}
}

// Perspective projects to GL clip space. fovY is in degrees, aspect is width
// over height, 0 < near < far are distances along the view direction.
func Perspective(fovY, aspect, near, far float64) Mat4 {
	s := 1 / math.Tan(fovY*math.Pi/360)
	return Mat4{
		0: s / aspect, 5: s,
		10: (far + near) / (near - far), 11: -1,
		14: 2 * far * near / (near - far),
	}
}

// Orthographic projects a box around the view axis to GL clip space.
func Orthographic(halfWidth, halfHeight, near, far float64) Mat4 {
	return Mat4{
		0: 1 / halfWidth, 5: 1 / halfHeight,
		10: 2 / (near - far), 14: (far + near) / (near - far),
		15: 1,
	}
}
