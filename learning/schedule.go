package learning

// action is what a run does next.
type action uint8

const (
	finish action = iota
	collectRandom
	collectPlanned
	update
)

// Counters say how far a run is. What it does next is a function of them.
type Counters struct {
	Updates      int     `json:"updates"`       // gradient steps done
	Frames       int     `json:"frames"`        // simulator steps collected by the run
	Episodes     int     `json:"episodes"`      // episodes collected by the run
	SinceCollect int     `json:"since_collect"` // updates since the last episode
	WallS        float64 `json:"wall_s"`        // seconds of training, over all sessions
}

// next is PlaNet's Algorithm 1 (Hafner et al. 2019) as a function of how far
// the run is: S seed episodes with random actions, some updates on them, then
// for ever C updates and one episode, until both totals are reached. Frames 0
// is offline training: updates only.
func (s Settings) next(c Counters) action {
	online := s.Frames > 0
	switch {
	case s.Updates > 0 && c.Updates >= s.Updates:
		return finish
	case online && c.Episodes < s.SeedEpisodes && c.Frames < s.Frames:
		return collectRandom
	case online && c.Frames < s.Frames && c.SinceCollect >= s.block(c):
		return collectPlanned
	case s.Updates == 0 && c.Frames >= s.Frames && c.SinceCollect >= s.block(c):
		return finish
	}
	return update
}

// block is the number of updates between the newest episode and the next.
func (s Settings) block(c Counters) int {
	if c.Episodes <= s.SeedEpisodes {
		return s.PretrainUpdates
	}
	return s.UpdatesPerEpisode
}

func (c Counters) updated() Counters {
	c.Updates++
	c.SinceCollect++
	return c
}

func (c Counters) collected(e *Episode) Counters {
	c.Episodes++
	c.Frames += e.Frames()
	c.SinceCollect = 0
	return c
}
