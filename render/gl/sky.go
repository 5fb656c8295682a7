package gl

import (
	"math"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// drawSky fills what is still empty of a picture. Rows that an endless floor fills are
// left out: software OpenGL pays for finding each of their samples taken.
func (p *painter) drawSky(t *target) {
	rows := t.height
	for i := range p.list.batches {
		b := &p.list.batches[i]
		for k := b.first; b.layer == endless && k < b.first+b.count; k++ {
			rows = min(rows, p.frame.view.skyRows(t.height, &p.list.instances[k]))
		}
	}
	if rows == 0 {
		return
	}
	p.sky.use()
	gl.UniformMatrix4fv(p.sky.uniforms["unproject"], 1, false, &p.frame.unproject[0])
	gl.Enable(gl.SCISSOR_TEST)
	gl.Scissor(0, 0, int32(t.width), int32(rows))
	gl.DepthFunc(gl.LEQUAL)
	gl.Disable(gl.CULL_FACE)
	gl.DrawArrays(gl.TRIANGLES, 0, 3)
	gl.Enable(gl.CULL_FACE)
	gl.DepthFunc(gl.LESS)
	gl.Disable(gl.SCISSOR_TEST)
}

// skyRows is how many rows at the top of a picture may show sky beside a plane: all
// unless it is level, endless both ways and below the eye, which is never tilted.
func (l *lens) skyRows(height int, plane *instance) int {
	above := l.Eye[2] - float64(plane.rows[2][3])
	isLevel := math.Abs(float64(plane.rows[0][2]))+math.Abs(float64(plane.rows[1][2])) < 1e-6 && plane.rows[2][2] > 0
	if !isLevel || above <= 0 || plane.size[0] < l.reach || plane.size[1] < l.reach {
		return height
	}
	// The plane is a square of half side reach, its middle somewhere near below the
	// eye. What is nearer than farthest, a depth, lies on it wherever in its row.
	aside := math.Hypot(float64(plane.rows[0][3])-l.Eye[0], float64(plane.rows[1][3])-l.Eye[1])
	farthest := (float64(l.reach) - aside) / math.Hypot(1, math.Hypot(l.slope[0], l.slope[1]))
	depth := func(row float64) float64 {
		down := -l.Forward[2] - (1-2*row/float64(height))*l.slope[1]*l.Up[2]
		if down <= 0 {
			return math.Inf(1)
		}
		return above / down
	}
	if depth(float64(height)+1) < l.near {
		return height
	}
	rows := height
	for rows > 0 && depth(float64(rows)-2) < farthest {
		rows--
	}
	return rows
}
