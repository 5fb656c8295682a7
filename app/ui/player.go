package ui

import (
	"sync/atomic"
	"time"
)

// player runs the iteration track from its place to its end, about five seconds
// from start to end whatever the number of iterations. It is an alarm of the
// pump.
type player struct {
	track  *track
	next   atomic.Int64 // when the next iteration is due, Unix nanoseconds; 0 stopped
	onTurn func(playing bool)
}

const (
	playBeat  = time.Second / 25
	playWhole = 5 * time.Second
)

func (p *player) playing() bool { return p.next.Load() != 0 }

// toggle starts or stops; at the end it starts from the beginning.
func (p *player) toggle() {
	if p.playing() || p.track.count() < 2 {
		p.stop()
		return
	}
	if p.track.at >= p.track.count()-1 {
		p.track.seek(0)
	}
	p.next.Store(time.Now().UnixNano())
	p.onTurn(true)
}

func (p *player) stop() {
	if p.next.Swap(0) != 0 {
		p.onTurn(false)
	}
}

func (p *player) ripe(now time.Time) bool {
	at := p.next.Load()
	return at != 0 && now.UnixNano() >= at
}

func (p *player) ring(now time.Time) {
	if !p.playing() {
		return
	}
	p.next.Store(now.Add(playBeat).UnixNano())
	beats := int(playWhole / playBeat)
	p.track.seek(p.track.at + max(1, (p.track.count()+beats/2)/beats))
	if p.track.at >= p.track.count()-1 {
		p.stop()
	}
}
