package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

const (
	drawerNear      = 0.03 // m: solved when the handle is this near in y to where it belongs
	drawerLead      = 0.01 // m: how far it is from there when the drawer is closed
	drawerCorrected = 0.01 // m: solved when the drawer is open by at most this
	drawerOpen      = 0.15 // m
)

// drawerGoal is where the handle belongs, m. Meta-World measures the handle 5 cm above
// it and 1 cm before it when the drawer is closed.
var drawerGoal = [3]float64{0, 0.74, 0.09}

// DrawerClose is Meta-World's drawer close as LatCo plays it (section 7.1): the drawer
// is open by up to 15 cm, the hand above it. Of the paper's resets 13 % are solved
// already: those open by at most 2 cm.
func DrawerClose() sim.Task {
	return sawyerTask(sim.Task{
		Name:    "drawer-close",
		Title:   "Drawer close",
		Summary: "The hand starts above the open drawer and has to come down before it, away from the goal, before a push can pay.",
		Success: "The drawer's handle is within 3 cm of where it belongs; closed, it is at 1 cm.",
		Horizon: 30, Replan: 30, EpisodeSteps: 150, ActionRepeat: 1,
		Scripted: func() sim.Policy { return drawerScript() },
	}, "drawer-close.xml", func(s sawyer) binder { return &drawerClose{sawyer: s} })
}

type drawerClose struct {
	sawyer
	drawer sliding
	handle int     // site
	open   float64 // as the last draw wants it, m
}

func (c *drawerClose) bind(m *mujoco.Model) (rules, error) {
	var err error
	if c.drawer, err = findSliding(m, "drawer", "bar"); err != nil {
		return rules{}, err
	}
	if c.handle, err = m.Site("drawer"); err != nil {
		return rules{}, err
	}
	return c.sawyer.bind(m, manipulation{
		box: sawyerBox, bins: [2]float64{0.06, 0.11},
		draw: c.draw, place: func(w *world) { c.drawer.put(w, -c.open) },
		objects: func(w *world) (first, _ [3]float64) { return w.SitePos[c.handle], first },
		success: c.success, reward: c.reward,
		handles: func(w *world) []sim.Handle {
			return []sim.Handle{c.drawer.handle(w, "drawer", func(pos [3]float64) float64 { return pos[1] - drawerGoal[1] })}
		},
	})
}

func (c *drawerClose) draw(rng *rand.Rand) start {
	c.open = between(rng, 0, drawerOpen)
	hand := [3]float64{between(rng, -0.15, 0.15), drawerGoal[1] - c.open + between(rng, -0.15, 0.15), 0.15 + between(rng, 0, 0.3)}
	distance := c.open + drawerLead
	// A clear hand is above all of the furniture.
	return start{hand: hand, distance: distance, clear: distance > drawerNear && hand[2] > 0.25}
}

func (c *drawerClose) success(w *world) bool {
	if c.corrected {
		return -w.QPos[c.drawer.qpos] <= drawerCorrected
	}
	return math.Abs(w.SitePos[c.handle][1]-drawerGoal[1]) <= drawerNear
}

func (c *drawerClose) reward(w *world, action []float64) float64 {
	return drawerReward(c.tip(w), remembered(w, memoryTip), w.SitePos[c.handle], remembered(w, memoryObject), action[3])
}

// drawerReward is for closing fingers at the handle and the handle where it belongs; 10
// when it is, whatever the fingers do. The handle is measured 5 cm above its goal and so
// never nearer than that.
func drawerReward(tip, tip0, handle, handle0 [3]float64, grip float64) float64 {
	const (
		radius  = 0.04
		arrived = radius + 0.015
		touch   = 0.005
	)
	left := apart(handle, drawerGoal)
	if left <= arrived {
		return 10
	}
	closed := upTo(radius, math.Abs(apart(handle0, drawerGoal)-radius), longTail).of(left)
	reach := upTo(touch, math.Abs(apart(handle0, tip0)-touch), bell).of(apart(tip, handle))
	return 10 * hamacher(hamacher(reach, max(0, grip)), closed)
}

// drawerScript rises, goes before the handle, comes down and pushes.
func drawerScript() *sawyerScript {
	const (
		above  = 0.25 // m: height of a hand whose fingers pass over the furniture
		before = 0.10 // m
		low    = 0.12
		closed = 0.681 // m: y of a hand that has pushed it home
	)
	front := func(s sight, height float64) [3]float64 { return [3]float64{0, s.object[1] - before, height} }
	return &sawyerScript{stages: []stage{
		{aim: func(s sight) [3]float64 { return [3]float64{s.hand[0], s.hand[1], above + 0.02} }, grip: -1, until: func(s sight) bool { return s.hand[2] > above-0.01 }},
		{aim: func(s sight) [3]float64 { return front(s, above) }, grip: -1, until: func(s sight) bool { return aside(s.hand, front(s, 0)) < 0.02 }},
		{aim: func(s sight) [3]float64 { return front(s, low) }, grip: -1, within: 0.02, most: 40},
		{aim: func(sight) [3]float64 { return [3]float64{0, closed, low} }, grip: -1},
	}}
}
