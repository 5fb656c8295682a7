package ui

import (
	"sync/atomic"
	"time"
)

// clock counts shown frames and rings once a second. It is an alarm of the pump.
type clock struct {
	frames   int // since the last second
	fps      int // of the last second
	last     atomic.Int64
	onSecond func(now time.Time)
}

func (c *clock) ripe(now time.Time) bool {
	return now.UnixNano()-c.last.Load() >= int64(time.Second)
}

func (c *clock) ring(now time.Time) {
	if since := time.Duration(now.UnixNano() - c.last.Load()); since < 10*time.Second {
		c.fps = int(float64(c.frames)/since.Seconds() + 0.5)
	}
	c.frames = 0
	c.last.Store(now.UnixNano())
	c.onSecond(now)
}
