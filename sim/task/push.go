package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	pushRadius    = 0.07 // m: solved when the puck is this near to the goal, seen from above
	pushCorrected = 0.05 // m: as Meta-World asks
	pushHeight    = 0.05 // m: of the hand at a reset, fingers around the puck
	puckHeight    = 0.02 // m: of the middle of the standing puck
	puckReach     = 0.87 // m: from the arm's foot; beyond no finger gets behind every puck
)

var pushGoal = [3]float64{0.1, 0.8, puckHeight}

// Push is Meta-World's push as LatCo plays it (section 7.1): the hand starts above
// the puck, wherever that is, and brings it to a place on the table. Of the paper's
// resets 9 % are solved already, and in 7 % the puck is where the fingers cannot get
// behind it; the corrected variant has neither.
func Push() sim.Task {
	return sawyerTask(sim.Task{
		Name:    "push",
		Title:   "Push",
		Summary: "Only the puck at the green place pays; on the way there nothing tells that holding and dragging it is worth anything.",
		Success: "The puck is within 7 cm of the goal, seen from above.",
		Horizon: 50, Replan: 25, EpisodeSteps: 150, ActionRepeat: 1,
		Scripted: func() sim.Policy { return pushScript() },
	}, "push.xml", func(s sawyer) binder { return &push{sawyer: s} })
}

type push struct {
	sawyer
	puck      int // body
	qpos, dof int // of its free joint
	object    render.Object
	spot      [3]float64 // where the last draw wants the puck, m
}

func (p *push) bind(m *mujoco.Model) (rules, error) {
	var err error
	if p.puck, err = m.Body("puck"); err != nil {
		return rules{}, err
	}
	joint, err := m.Joint("puck")
	if err != nil {
		return rules{}, err
	}
	p.qpos, p.dof = m.JointQPos[joint], m.JointDof[joint]
	if p.object, err = siteObject(m, "puck"); err != nil {
		return rules{}, err
	}
	return p.sawyer.bind(m, manipulation{
		box: sawyerBox, goals: handBox{{-0.5, 0.4, puckHeight}, {0.5, 0.95, puckHeight}},
		bins: [2]float64{0.146, 0.225},
		draw: p.draw, place: func(w *world) { p.stand(w, p.spot) },
		objects: func(w *world) (first, _ [3]float64) { return w.BodyPos[p.puck], first },
		success: p.success, reward: p.reward,
		handles: func(w *world) []sim.Handle {
			return []sim.Handle{{Name: "puck", Object: p.object, Move: func(pos [3]float64) error { return p.move(w, pos) }}}
		},
	})
}

func (p *push) draw(rng *rand.Rand) start {
	p.spot = [3]float64{between(rng, -0.2, 0.4), between(rng, 0.6, 0.9), puckHeight}
	distance := aside(p.spot, pushGoal)
	return start{
		hand:     [3]float64{p.spot[0], p.spot[1], pushHeight},
		distance: distance, clear: distance > pushRadius && math.Hypot(p.spot[0], p.spot[1]) < puckReach,
	}
}

// stand puts the puck upright and at rest.
func (p *push) stand(w *world, at [3]float64) {
	copy(w.QPos[p.qpos:], at[:])
	copy(w.QPos[p.qpos+3:], []float64{1, 0, 0, 0})
	clear(w.QVel[p.dof : p.dof+6])
}

func (p *push) move(w *world, pos [3]float64) error {
	if err := sim.CheckFinite("position of the puck", pos[:]); err != nil {
		return err
	}
	p.stand(w, p.job.goals.nearest(pos))
	return w.Kinematics()
}

func (p *push) success(w *world) bool {
	radius := pushRadius
	if p.corrected {
		radius = pushCorrected
	}
	return aside(w.BodyPos[p.puck], p.target(w)) <= radius
}

func (p *push) reward(w *world, action []float64) float64 {
	return pushReward(p.grasp(w, w.BodyPos[p.puck], action), p.target(w), p.opening(w))
}

// pushReward is for the puck between the fingers first and, when it is, for its way to
// the goal; 10 within 5 cm.
func pushReward(g grasp, goal [3]float64, opening float64) float64 {
	const arrived = 0.05
	left := apart(g.object, goal)
	if left < arrived {
		return 10
	}
	reward := 2 * g.caged(caging{radius: 0.015, beside: 0.05, within: 0.005})
	if apart(g.tip, g.object) < 0.02 && opening > 0 {
		reward += 1 + reward + 5*upTo(arrived, apart(g.object0, goal), longTail).of(left)
	}
	return reward
}
