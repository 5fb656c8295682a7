package task

import (
	"math/rand"

	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const reachRadius = 0.05 // m: solved when the fingertips are this near to the goal

var reachGoal = [3]float64{-0.1, 0.8, 0.2}

// Reach is Meta-World's reach as LatCo plays it (section 7.1): the hand starts
// anywhere in its box and goes to a point in the air. Of the paper's resets 0.2 % are
// solved already.
func Reach() sim.Task {
	return sawyerTask(sim.Task{
		Name:    "reach",
		Title:   "Reach",
		Summary: "The hand starts anywhere; the reward is silent until the fingertips are within five centimetres of the red point.",
		Success: "The middle of the fingertips is within 5 cm of the goal.",
		Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionRepeat: 1,
		Scripted: func() sim.Policy { return reachScript() },
	}, "reach.xml", func(s sawyer) binder { return &reach{s} })
}

type reach struct{ sawyer }

func (r *reach) bind(m *mujoco.Model) (rules, error) {
	return r.sawyer.bind(m, manipulation{
		box: sawyerBox, goals: sawyerBox, bins: [2]float64{0.295, 0.421},
		draw:    r.draw,
		objects: func(*world) (first, second [3]float64) { return },
		success: func(w *world) bool { return apart(r.tip(w), r.target(w)) <= reachRadius },
		reward:  r.reward,
	})
}

func (r *reach) draw(rng *rand.Rand) start {
	hand := sawyerBox.draw(rng)
	distance := apart(fingertips(hand), reachGoal)
	return start{hand: hand, distance: distance, clear: distance > 2*reachRadius}
}

func (r *reach) reward(w *world, _ []float64) float64 {
	return reachReward(r.tip(w), r.target(w), remembered(w, memoryLed))
}

// reachReward is 10 within the radius and falls off with a long tail, by the distance
// from goal to where the hand was led to at the reset.
func reachReward(tip, goal, led [3]float64) float64 {
	return 10 * upTo(reachRadius, apart(led, goal), longTail).of(apart(tip, goal))
}

func reachScript() *sawyerScript {
	return &sawyerScript{goal: reachGoal, stages: []stage{
		{aim: func(s sight) [3]float64 { return moved(s.goal, 0, 0, fingerLength) }, grip: -1},
	}}
}
