package engine

import (
	"testing"
	"testing/synctest"
	"time"
)

// slowPainter is a world whose minds take long to decode.
type slowPainter struct {
	World
	takes time.Duration
}

func (w slowPainter) Open(device string, threads int) (Mind, error) {
	m, err := w.World.Open(device, threads)
	return slowMind{m, w.takes}, err
}

type slowMind struct {
	Mind
	takes time.Duration
}

func (m slowMind) Decode(n int, features []float64, pixels []uint8) error {
	time.Sleep(m.takes)
	return m.Mind.Decode(n, features, pixels)
}

// Filtering and planning take their turns on one goroutine with a model of its
// own, strips are decoded on another: an episode with strips that take longer than
// the whole episode lasts as long as one whose strips cost nothing.
func TestStripsDoNotDelayPlans(t *testing.T) {
	episode := func(paints time.Duration) time.Duration {
		var took time.Duration
		synctest.Test(t, func(t *testing.T) {
			p := new(props)
			l := beginLive(t, p, func(*Config) {
				p.library.worlds["one-class"] = slowPainter{p.library.worlds["one-class"], paints}
			})
			defer l.stop()
			began := time.Now()
			l.Do(Run{})
			l.until("end of the episode", func(s *State) bool { return s.Phase == EpisodeOver })
			took = time.Since(began)
		})
		return took
	}
	quick, slow := episode(0), episode(10*time.Second)
	if d := slow - quick; d > 20*time.Millisecond || d < -20*time.Millisecond {
		t.Errorf("an episode takes %v, with strips of 10 s %v", quick, slow)
	}
}
