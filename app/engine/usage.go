package engine

import (
	"runtime"
	"time"
)

// meter measures what the program takes of the machine. The zero value is ready
// for use.
type meter struct {
	at   time.Time
	used time.Duration // processor time until then
}

// meterEvery is how long processor time is averaged over.
const meterEvery = time.Second

// read renews u if that is due. What the system does not tell stays 0.
func (m *meter) read(u *Usage, now time.Time) {
	passed := now.Sub(m.at)
	if passed < meterEvery {
		return
	}
	used, ok := processorTime()
	if ok && !m.at.IsZero() {
		u.Cores = (used - m.used).Seconds() / passed.Seconds()
	}
	m.at, m.used = now, used
	u.CPUs = runtime.NumCPU()
	u.Resident = residentMemory()
}
