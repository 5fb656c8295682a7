package ui

import "image"

// stripLayout says where everything of the film strip is, in pixels. Columns
// are time steps 0…H, every stride-th of them; the last is always there.
type stripLayout struct {
	scale  float64 // pixels per unit of the window
	left   int     // where the columns begin; captions are before
	cell   int     // distance of columns
	side   int     // of a frame
	stride int
	steps  []int // time step of each column

	plan, violation, lambda, model, real int // top of each row
	violationHeight, lambdaHeight        int
	height                               int
}

// In units of the window.
const (
	stripCaption   = 118 // width of the captions
	stripHead      = 20  // height of the line above the frames
	stripSmallest  = 28  // side below which steps are left out
	stripLargest   = 92
	stripViolation = 11
	stripLambda    = 14
	stripGap       = 4
	stripMargin    = 12 // right of the last column
)

// stripFixed is the height of everything but the three rows of frames.
const stripFixed = stripHead + stripViolation + stripLambda + 5*stripGap

// layStrip places h+1 frames in w×height pixels.
func layStrip(w, height, h int, scale float64) stripLayout {
	px := func(units float64) int { return int(units*scale + 0.5) }
	l := stripLayout{scale: scale, left: px(stripCaption), violationHeight: px(stripViolation), lambdaHeight: px(stripLambda)}
	room := max(w-l.left-px(stripMargin), px(stripSmallest))
	count := max(h, 0) + 1
	smallest := px(stripSmallest)
	l.stride = max(1, (count*smallest+room-1)/room)
	for t := 0; t < count; t += l.stride {
		l.steps = append(l.steps, t)
	}
	if last := count - 1; l.steps[len(l.steps)-1] != last {
		if len(l.steps) > 1 && len(l.steps)*smallest+smallest > room {
			l.steps = l.steps[:len(l.steps)-1]
		}
		l.steps = append(l.steps, last)
	}
	tallest := min(max((height-px(stripFixed))/3, smallest), px(stripLargest))
	l.cell = min(room/len(l.steps), tallest+px(2))
	l.side = max(l.cell-px(2), 1)
	l.rows(px)
	return l
}

func (l *stripLayout) rows(px func(float64) int) {
	gap := px(stripGap)
	l.plan = px(stripHead)
	l.violation = l.plan + l.side + gap
	l.lambda = l.violation + l.violationHeight + gap/2
	l.model = l.lambda + l.lambdaHeight + gap
	l.real = l.model + l.side + gap
	l.height = l.real + l.side + gap
}

// frame is the rectangle of column i in the row that begins at top.
func (l *stripLayout) frame(i, top, height int) image.Rectangle {
	x := l.left + i*l.cell
	return image.Rect(x, top, x+l.side, top+height)
}

// column finds the column at pixel x, −1 for none.
func (l *stripLayout) column(x int) int {
	i := (x - l.left) / max(l.cell, 1)
	if x < l.left || i >= len(l.steps) {
		return -1
	}
	return i
}

// span is the time steps that column i stands for: its own and those left out
// before it.
func (l *stripLayout) span(i int) (from, to int) {
	if i == 0 {
		return 0, 0
	}
	return l.steps[i-1] + 1, l.steps[i]
}
