package task

import (
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// The numbers of the lottery (LatCo, section 7.4, and its released environment).
const (
	lotteryRadius = 0.25 // m: a goal is entered when the point mass is nearer than this
	lotteryReach  = 1.0  // m: positions, targets and goals stay within ±1
)

// Goals, by what they pay. The lottery is the nearer one.
const (
	goalLottery = iota
	goalSure
	goals
)

var (
	lotteryGoals     = [goals][2]float64{{-0.8, 0.7}, {0.8, 0.7}}
	lotteryGoalNames = [goals]string{"lottery", "sure"}
)

// What a lottery episode remembers: state.Task.
const (
	memoryOutcome = iota // one of the outcome codes
	memoryDraw           // the episode's draw, uniform in [0, 1): below p_loss it loses
	memorySize
)

// Outcome codes, in memory and in the observation.
const (
	outcomeNone = iota
	outcomeSure
	outcomeWin
	outcomeLoss
)

var outcomes = [...]string{"", "sure", "win", "loss"}

// Lottery is the task in which LatCo, which plans for the luckiest case the model
// allows, and Gaussian LatCo, which plans for the mean, choose differently: a point
// mass starts near a goal that pays by chance and has another that pays for sure.
// The first goal entered pays, once.
//
// Actions are the position servos' targets, m, in [−1, 1]². The observation is
// position (m), velocity (m/s) and the outcome: 0 none, 1 sure, 2 win, 3 loss.
func Lottery() sim.Task {
	t := sim.Task{
		Name:    "lottery",
		Title:   "Lottery",
		Group:   "lottery",
		Summary: "The near goal pays by chance and loses on average, the far one pays little for sure; it takes a planner that weighs chance to choose the far one.",
		Success: "Any goal has been entered; which of them is the outcome.",

		ActionDim: 2, ObsDim: 5,
		Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionRepeat: 1,

		Camera:     render.Camera{Distance: 2.6, Azimuth: 90, Elevation: -90, FovY: 45},
		FreeCamera: render.Camera{LookAt: [3]float64{0, -0.03, -0.15}, Distance: 3.8, Azimuth: 75, Elevation: -42, FovY: 45},

		Hold:     func(s sim.State, action []float64) { copy(action, s.Ctrl) },
		Scripted: func() sim.Policy { return &lotteryScript{} },
		Mixed:    func() sim.Policy { return &lotteryMix{} },
	}
	facts := t
	t.New = func(settings map[string]string) (sim.Instance, error) {
		l := &lottery{odds: paperOdds}
		if err := l.odds.set(settings); err != nil {
			return nil, err
		}
		in, err := open(facts, "lottery.xml", l.bind)
		if err != nil {
			return nil, err
		}
		return in, nil
	}
	return t
}

// lottery is what one instance has beside the simulation.
type lottery struct {
	odds  lotteryOdds
	sites [goals]int // the discs, which change colour
	body  [goals]int
	mocap [goals]int
	ball  int // body
	geom  int // the ball that is seen
}

// bind looks up the model's names and returns the rules.
func (l *lottery) bind(m *mujoco.Model) (rules, error) {
	var err error
	for g, name := range lotteryGoalNames {
		if l.sites[g], err = m.Site(name); err != nil {
			return rules{}, err
		}
		if l.body[g], err = m.Body(name); err != nil {
			return rules{}, err
		}
		l.mocap[g] = m.BodyMocap[l.body[g]]
	}
	if l.ball, err = m.Body("ball"); err != nil {
		return rules{}, err
	}
	if l.geom, err = m.Geom("ball"); err != nil {
		return rules{}, err
	}
	return rules{
		substeps: 5, memory: memorySize, settle: settleWhenSeen,
		fields: func() []setting.Field { return l.odds.fields() },
		reset:  l.reset, act: aim, judge: l.judge, observe: l.observe,
		paint: l.paint, handles: l.handles,
	}, nil
}

func (l *lottery) reset(w *world, rng *rand.Rand) {
	l.odds.settle()
	w.QPos[0] = -0.6 + 0.2*rng.Float64()
	w.QPos[1] = -0.1 + 0.2*rng.Float64()
	copy(w.Ctrl, w.QPos) // at rest
	w.memory[memoryDraw] = rng.Float64()
}

// aim makes the action the servos' target.
func aim(w *world, action []float64) { copy(w.Ctrl, action) }

func (l *lottery) judge(w *world, t *sim.Timestep) {
	if w.memory[memoryOutcome] == outcomeNone {
		if goal, ok := l.entered(w); ok {
			outcome, pay := l.odds.pay(goal, w.memory[memoryDraw])
			w.memory[memoryOutcome] = float64(outcome)
			t.Reward += pay
			t.SparseReward += pay
		}
	}
	outcome := int(w.memory[memoryOutcome])
	t.Success, t.Outcome = outcome != outcomeNone, outcomes[outcome]
}

func (l *lottery) entered(w *world) (goal int, ok bool) {
	for g := range goals {
		at := w.MocapPos[l.mocap[g]]
		dx, dy := w.QPos[0]-at[0], w.QPos[1]-at[1]
		if dx*dx+dy*dy < lotteryRadius*lotteryRadius {
			return g, true
		}
	}
	return 0, false
}

func (l *lottery) observe(w *world, obs []float64) {
	copy(obs, w.QPos)
	copy(obs[2:], w.QVel)
	obs[4] = w.memory[memoryOutcome]
}
