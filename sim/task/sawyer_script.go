package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

// sight is the state observation of the manipulation tasks by its parts, in metres.
type sight struct {
	hand   [3]float64 // the hand's body; the fingers end fingerLength below it
	object [3]float64 // what is to be moved, or the tool
	second [3]float64 // what the tool acts on; zero where there is no tool
	goal   [3]float64 // zero where the state does not tell
}

func look(obs []float64) sight {
	return sight{[3]float64(obs[0:3]), [3]float64(obs[3:6]), [3]float64(obs[6:9]), [3]float64(obs[9:12])}
}

// look is what the script sees: where the state leaves out the goal, it knows it.
func (p *sawyerScript) look(obs []float64) sight {
	s := look(obs)
	if s.goal == ([3]float64{}) {
		s.goal = p.goal
	}
	return s
}

// stage is one leg of a script: where the hand goes, how the fingers are, and when
// the leg is over.
type stage struct {
	aim  func(s sight) [3]float64 // where the hand shall be, m
	grip float64                  // gripper action: −1 opens, 1 closes with full force
	pace float64                  // bound on the components of the motion, in (0, 1] [1]

	within float64            // over when the hand is this near to aim, m [not by nearness]
	until  func(s sight) bool // and when this holds [always]; without either it is the last stage
	least  int                // control steps it takes at least: fingers need time to close
	most   int                // control steps after which it is over anyway [no bound]
}

func (g *stage) over(s sight, aim [3]float64, steps int) bool {
	if g.most > 0 && steps >= g.most {
		return true
	}
	if steps < g.least || g.within == 0 && g.until == nil && g.least == 0 {
		return false
	}
	return (g.within == 0 || apart(s.hand, aim) <= g.within) && (g.until == nil || g.until(s))
}

// sawyerGain is the proportional gain of Meta-World's scripted policies, 1/m: the
// hand goes at full speed, 1 cm an action, until it is 10 cm from where it is to be.
const sawyerGain = 10

// sawyerScript is a scripted policy for the Sawyer arm: stages, in each of which the
// hand is drawn to a point by proportional control. It sees the state observation
// only. Whoever embeds it in a task supplies stages; their functions keep nothing.
type sawyerScript struct {
	stages []stage
	goal   [3]float64 // where it is if the state observation does not tell, m
	// lost says that the work of the stages so far is undone, such as by a tool that
	// slipped; the script then starts again [never]. It is asked from stage held on.
	lost func(s sight) bool
	held int

	noise float64 // standard deviation added to every component of the action
	pace  float64 // bound on the motion in an episode, on top of the stages' [1]

	at, steps int // the stage, and control steps spent in it
	rng       *rand.Rand
}

var (
	_ sim.Policy     = (*sawyerScript)(nil)
	_ sim.Adjustable = (*sawyerScript)(nil)
)

func (p *sawyerScript) Fields() []setting.Field { return []setting.Field{noiseField(&p.noise)} }

func noiseField(value *float64) setting.Field {
	return setting.Field{Key: "noise", Title: "Noise", Min: 0, Max: 1, Value: value,
		Help: "Standard deviation of the Gaussian noise added to every component of the action; raising it varies the episodes and makes more of them fail."}
}

func (p *sawyerScript) Reset(seed int64) {
	p.begin(sim.NewRand(seed, sim.StreamPolicy))
}

// begin starts an episode that draws from rng.
func (p *sawyerScript) begin(rng *rand.Rand) { p.at, p.steps, p.pace, p.rng = 0, 0, 1, rng }

func (p *sawyerScript) Act(t sim.Timestep, action []float64) {
	p.steer(p.look(t.Obs), action)
	p.shake(action)
}

// steer moves on along the stages and fills in the action of the one it arrives at.
func (p *sawyerScript) steer(s sight, action []float64) {
	if p.lost != nil && p.at >= p.held && p.lost(s) {
		p.at, p.steps = 0, 0
	}
	for p.at < len(p.stages)-1 && p.stages[p.at].over(s, p.stages[p.at].aim(s), p.steps) {
		p.at, p.steps = p.at+1, 0
	}
	p.steps++

	now := &p.stages[p.at]
	bound := p.pace
	if now.pace > 0 {
		bound *= now.pace
	}
	aim := now.aim(s)
	for i := range aim {
		action[i] = min(max(sawyerGain*(aim[i]-s.hand[i]), -bound), bound)
	}
	action[3] = now.grip
}

// shake adds the noise, keeping the action within ±1.
func (p *sawyerScript) shake(action []float64) {
	if p.noise == 0 {
		return
	}
	for i := range action {
		action[i] = min(max(action[i]+p.noise*p.rng.NormFloat64(), -1), 1)
	}
}

// moved is p displaced by (x, y, z).
func moved(p [3]float64, x, y, z float64) [3]float64 { return [3]float64{p[0] + x, p[1] + y, p[2] + z} }

// apart is the distance between two points.
func apart(a, b [3]float64) float64 {
	return math.Sqrt((a[0]-b[0])*(a[0]-b[0]) + (a[1]-b[1])*(a[1]-b[1]) + (a[2]-b[2])*(a[2]-b[2]))
}

// aside is their distance seen from above.
func aside(a, b [3]float64) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }
