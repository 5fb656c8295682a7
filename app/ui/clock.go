package ui

import (
	"sync/atomic"
	"time"
)

// clock measures the rate of shown frames and rings once a second. It is an
// alarm of the pump.
type clock struct {
	shown    time.Time     // when the last frame was
	moving   time.Duration // since the last ring, without the scene's rests
	frames   int
	fps      int // 0: the scene is at rest
	last     atomic.Int64
	onSecond func(now time.Time)
}

// rest is the time without a new frame that means that nothing moves (the engine
// still draws a resting scene now and then), and not
// that the window is slow.
const rest = time.Second / 5

// frame counts a shown frame.
func (c *clock) frame(now time.Time) {
	if since := now.Sub(c.shown); since < rest {
		c.moving += since
		c.frames++
	}
	c.shown = now
}

func (c *clock) ripe(now time.Time) bool {
	return now.UnixNano()-c.last.Load() >= int64(time.Second)
}

func (c *clock) ring(now time.Time) {
	c.fps = 0
	if c.moving > 0 {
		c.fps = int(float64(c.frames)/c.moving.Seconds() + 0.5)
	}
	c.frames, c.moving = 0, 0
	c.last.Store(now.UnixNano())
	c.onSecond(now)
}
