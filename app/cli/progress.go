package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/latco-studio/latco/app/engine"
)

// progress reports how far a job is: a bar that rewrites its line on a
// terminal, a plain line every ten seconds elsewhere.
type progress struct {
	w        io.Writer
	terminal bool
	unit     string
	start    time.Time
	last     time.Time
	now      func() time.Time
	width    int
	first    int // done when the first report came: a resumed job starts high
	started  bool
	told     *string // where the job computes
}

func newProgress(c *call, unit string) *progress {
	p := &progress{w: c.err, unit: unit, now: time.Now, told: &c.told}
	if c.stderr != nil {
		if info, err := c.stderr.Stat(); err == nil {
			p.terminal = info.Mode()&os.ModeCharDevice != 0
		}
	}
	p.start = p.now()
	p.last = p.start
	return p
}

// report shows done of total and a note. The first call starts the clock, so
// that neither set-up nor what an earlier run did spoils the rate.
func (p *progress) report(done, total int, note string) {
	now := p.now()
	if !p.started && total > 0 {
		p.started, p.first, p.start, p.last = true, done, now, now
	}
	every := 10 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if now.Sub(p.last) < every && done < total {
		return
	}
	p.last = now
	line := p.line(done, total, now.Sub(p.start), note)
	if !p.terminal {
		fmt.Fprintln(p.w, line)
		return
	}
	pad := max(0, p.width-len(line))
	p.width = len(line)
	fmt.Fprintf(p.w, "\r%s%s", line, strings.Repeat(" ", pad))
}

func (p *progress) line(done, total int, spent time.Duration, note string) string {
	if total <= 0 { // a stage that counts nothing, such as loading
		return note
	}
	rate := float64(done-p.first) / max(spent.Seconds(), 1e-3)
	const cells = 24
	done = min(done, total)
	full := done * cells / total
	text := fmt.Sprintf("[%s%s] %d/%d %s", strings.Repeat("#", full), strings.Repeat("-", cells-full), done, total, p.unit)
	if rate > 0 { // before the first is done nobody knows
		left := time.Duration(float64(total-done) / rate * float64(time.Second))
		text += fmt.Sprintf(", %.1f/s, %s left", rate, left.Round(time.Second))
	}
	if note != "" {
		text += ", " + note
	}
	return text
}

// warn prints a line of its own, above the bar if there is one.
func (p *progress) warn(line string) {
	if p.terminal {
		line = "\r" + line + strings.Repeat(" ", max(0, p.width-len(line)))
		p.width = 0
	}
	fmt.Fprintln(p.w, line)
}

// computing gives a job that was told kind a way to say what computes: a line, once,
// and again where it turns out to be elsewhere.
func (p *progress) computing(kind string) func(device string) {
	return func(device string) {
		said := engine.ComputingOn(kind, device)
		if said == "" || said == *p.told {
			return
		}
		*p.told = said
		p.warn("latco: " + oneLine(errors.New(said)))
	}
}

// done ends the bar's line.
func (p *progress) done() {
	if p.terminal && p.width > 0 {
		fmt.Fprintln(p.w)
	}
}
