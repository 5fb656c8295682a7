package task

import (
	"math/rand"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// sawyerMix plays a script for data sets that hold successes and failures, as
// LatCo's offline sets for Thermos and Hammer do ("some successful, some failed";
// their shares are not published). In a chosen share of the episodes one of the
// task's faults spoils the script. All episodes have a pace of their own and noise,
// so that no two are alike where the reset has no chance in it.
type sawyerMix struct {
	script *sawyerScript
	faults []fault // drawn from with equal chance

	fail  float64 // probability in [0, 1] that an episode has a fault
	noise float64

	slip slip
}

var (
	_ sim.Policy     = (*sawyerMix)(nil)
	_ sim.Adjustable = (*sawyerMix)(nil)
)

// newSawyerMix mixes a script's successes with at least one kind of fault.
func newSawyerMix(script *sawyerScript, faults ...fault) *sawyerMix {
	return &sawyerMix{script: script, faults: faults, fail: 0.5, noise: 0.1}
}

const mixSlowest = 0.8 // the slowest pace of an episode; the fastest is 1

func (p *sawyerMix) Fields() []setting.Field {
	return []setting.Field{
		{Key: "fail", Title: "Failures", Min: 0, Max: 1, Value: &p.fail,
			Help: "Share of the episodes that are made to fail, in varied ways; raising it leaves fewer successes to learn from."},
		noiseField(&p.noise),
	}
}

func (p *sawyerMix) Reset(seed int64) {
	rng := sim.NewRand(seed, sim.StreamPolicy)
	p.script.begin(rng)
	p.script.noise = p.noise
	// The draws of the good and the bad episode of a seed are the same up to the fault.
	bad := rng.Float64() < p.fail
	p.script.pace = mixSlowest + (1-mixSlowest)*rng.Float64()
	kind := rng.Intn(len(p.faults))
	p.slip = slip{}
	if bad {
		p.slip = p.faults[kind](rng)
	}
}

func (p *sawyerMix) Act(t sim.Timestep, action []float64) {
	s := p.script.look(t.Obs)
	if p.slip.see != nil {
		p.slip.see(&s)
	}
	p.script.steer(s, action)
	p.script.shake(action)
	if p.slip.act != nil {
		p.slip.act(progress{stage: p.script.at, control: t.T}, action)
	}
}

// fault is a way to fail. It draws what the failure of one episode is like.
type fault func(rng *rand.Rand) slip

// slip is what goes wrong in one episode.
type slip struct {
	see func(s *sight)                      // what the script is made to believe [the truth]
	act func(at progress, action []float64) // what becomes of its actions [they are done]
}

// progress is how far an episode has come.
type progress struct {
	stage   int // of the script
	control int // control steps since the reset
}
