package ui

import (
	"fmt"
	"sync/atomic"
	"time"
)

// clock measures the rate of shown frames and rings once a second. It is an
// alarm of the pump.
type clock struct {
	moving   bool      // the engine says that the picture changes
	shown    time.Time // when the last frame was
	counting bool      // the picture was changing then, too: the next frame ends an interval
	passed   time.Duration
	frames   int     // in passed, since the last ring
	fps      float64 // 0: the scene is at rest
	last     atomic.Int64
	onSecond func(now time.Time)
}

// frame counts a shown frame. One that a resting scene gets now and then does not count.
func (c *clock) frame(now time.Time) {
	if c.counting && c.moving {
		c.passed += now.Sub(c.shown)
		c.frames++
	}
	c.shown, c.counting = now, c.moving
}

func (c *clock) ripe(now time.Time) bool {
	return now.UnixNano()-c.last.Load() >= int64(time.Second)
}

func (c *clock) ring(now time.Time) {
	switch waited := now.Sub(c.shown); {
	case c.passed > 0:
		c.fps = float64(c.frames) / c.passed.Seconds()
	case !c.moving:
		c.fps = 0
	case c.counting && waited > time.Second: // so slow that no frame came
		c.fps = 1 / waited.Seconds()
	}
	c.frames, c.passed = 0, 0
	c.last.Store(now.UnixNano())
	c.onSecond(now)
}

// words are for the status line.
func (c *clock) words() string {
	switch {
	case c.fps == 0:
		return "scene at rest"
	case c.fps < 9.95:
		return fmt.Sprintf("%.1f fps", c.fps)
	}
	return fmt.Sprintf("%.0f fps", c.fps)
}
