package task

import (
	"math/rand"

	"github.com/latco-studio/latco/resources/setting"
)

var (
	variants     = []string{"paper", "corrected"}
	difficulties = []string{"any", "easy", "medium", "hard"}
)

// mostDraws ends the search for a start of the wanted kind. Each kind has at least one
// draw in fifty, except where all starts are alike: there the last draw stands.
const mostDraws = 10000

func (s *sawyer) fields() []setting.Field {
	return []setting.Field{
		{Key: "variant", Title: "Variant", Choices: variants, Value: &s.variant,
			Help: "paper is the released benchmark with its oddities; corrected tells the goal in the state, starts unsolved and asks for the whole deed."},
		{Key: "difficulty", Title: "Difficulty", Choices: difficulties, Value: &s.difficulty,
			Help: "Keeps the resets whose distance to the goal lies in the nearest, middle or farthest third of all resets (LatCo, figure 4)."},
	}
}

// reset draws a start of the wanted difficulty, leads the hand there from the home
// posture with open fingers, and then places the objects, as the released environment
// does: the hand does not disturb them on its way.
func (s *sawyer) reset(w *world, rng *rand.Rand) {
	s.corrected = s.variant == "corrected"
	begin := s.job.draw(rng)
	for range mostDraws {
		if s.wanted(begin) {
			break
		}
		begin = s.job.draw(rng)
	}
	copy(w.QPos, sawyerHome[:])
	w.MocapPos[s.lead], w.MocapQuat[s.lead] = begin.hand, sawyerDown
	w.Ctrl[0], w.Ctrl[1] = -1, 1
	s.failed = w.Step(sawyerReset * sawyerSubsteps)
	w.SetTime(0)
	if s.job.place != nil {
		s.job.place(w)
	}
	clear(w.Warmstart)
	s.fresh = true
}

// wanted says whether the settings accept a start.
func (s *sawyer) wanted(b start) bool {
	if s.corrected && !b.clear {
		return false
	}
	switch s.difficulty {
	case "easy":
		return b.distance < s.job.bins[0]
	case "medium":
		return b.distance >= s.job.bins[0] && b.distance < s.job.bins[1]
	case "hard":
		return b.distance >= s.job.bins[1]
	}
	return true
}

// begin remembers what the shaped rewards compare with. After positions were set from
// outside the lead goes to where the hand was put.
func (s *sawyer) begin(w *world) {
	if !s.fresh {
		w.MocapPos[s.lead] = s.job.box.nearest(w.BodyPos[s.hand])
	}
	s.fresh = false
	tip, led := s.tip(w), w.MocapPos[s.lead]
	object, _ := s.job.objects(w)
	copy(w.memory[memoryTip:], tip[:])
	copy(w.memory[memoryObject:], object[:])
	copy(w.memory[memoryLed:], led[:])
	if s.job.begin != nil {
		s.job.begin(w)
	}
}

// between is uniform in [lo, hi).
func between(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }

// within draws a point of the box.
func (b handBox) draw(rng *rand.Rand) (p [3]float64) {
	for i := range p {
		p[i] = between(rng, b[0][i], b[1][i])
	}
	return p
}
