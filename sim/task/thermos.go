package task

import (
	"math/rand"

	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// The numbers of the thermos task (Meta-World's stick-push with the conditions of
// LatCo's environments).
const (
	thermosSolved = 0.10 // m: thermos to goal, seen from above
	stickHeld     = 0.05 // m: fingertips to the stick's middle
	stickAtFlask  = 0.15 // m: the stick's middle to the thermos' middle
	stickEnough   = 0.04 // m: how high the stick is to be lifted
	thermosMemory = 2    // where the thermos started, m
)

var (
	thermosGoal  = [3]float64{0.4, 0.6, 0.02}
	thermosHand  = [3]float64{0, 0.6, 0.2}
	thermosStick = [3]float64{-0.1, 0.6, 0.02}
	thermosFlask = [2]float64{0.2, 0.6} // where its slides are zero
	thermosGoals = handBox{{0.2, 0.4, 0.02}, {0.5, 0.8, 0.02}}
)

// Thermos is LatCo's task with a tool (section 7.2, "Thermos"): the thermos cannot be
// grasped, but pushed with a stick, which is to be picked up first.
//
// The paper's variant starts always alike, so that its difficulty makes no difference.
// The corrected one draws stick and thermos: x in [−0.2, −0.05] and [0.1, 0.25], y in
// [0.5, 0.7] and [0.55, 0.65]. Difficulty bins are of the thermos' way to the goal:
// below 0.20 m, to 0.25 m, above.
func Thermos() sim.Task {
	return sawyerTask(sim.Task{
		Name:    "thermos",
		Title:   "Thermos",
		Summary: "The thermos is too wide for the fingers: the hand must pick up a stick first, and nothing is rewarded before the stick has pushed the thermos home.",
		Success: "The thermos is within 10 cm of the goal, the stick within 5 cm of the fingertips and within 15 cm of the thermos.",
		Horizon: 50, Replan: 25, EpisodeSteps: 75, ActionRepeat: 2,
		Scripted: func() sim.Policy { return thermosScript() },
		Mixed:    func() sim.Policy { return thermosMix() },
	}, "thermos.xml", func(s sawyer) binder { return &thermos{sawyer: s} })
}

type thermos struct {
	sawyer
	stick  tool
	slides [2]sliding // of the thermos, along x and y
	flask  int        // site: the middle of the thermos

	stickAt [3]float64 // the reset's draw, m
	flaskAt [2]float64
}

func (t *thermos) bind(m *mujoco.Model) (rules, error) {
	var err error
	if t.stick, err = findTool(m, "stick", thermosStick[2]); err != nil {
		return rules{}, err
	}
	for i, joint := range [2]string{"thermos x", "thermos y"} {
		if t.slides[i], err = findSliding(m, joint, "thermos"); err != nil {
			return rules{}, err
		}
	}
	if t.flask, err = m.Site("thermos"); err != nil {
		return rules{}, err
	}
	return t.sawyer.bind(m, manipulation{
		box: sawyerBox, goals: thermosGoals, bins: [2]float64{0.20, 0.25}, memory: thermosMemory,
		draw: t.draw, place: t.place, begin: t.begin, objects: t.objects,
		success: t.success, reward: t.reward, handles: t.handles,
	})
}

func (t *thermos) draw(rng *rand.Rand) start {
	t.stickAt, t.flaskAt = thermosStick, thermosFlask
	if t.corrected {
		t.stickAt[0], t.stickAt[1] = between(rng, -0.2, -0.05), between(rng, 0.5, 0.7)
		t.flaskAt = [2]float64{between(rng, 0.1, 0.25), between(rng, 0.55, 0.65)}
	}
	way := aside([3]float64{t.flaskAt[0], t.flaskAt[1]}, thermosGoal)
	return start{hand: thermosHand, distance: way, clear: way > thermosSolved}
}

func (t *thermos) place(w *world) {
	t.stick.lay(w, t.stickAt)
	for i, s := range t.slides {
		s.put(w, t.flaskAt[i]-thermosFlask[i])
	}
}

// begin remembers where the thermos is.
func (t *thermos) begin(w *world) {
	at := w.BodyPos[t.slides[0].object.Body]
	copy(w.memory[sawyerMemory:], at[:2])
}

func (t *thermos) objects(w *world) (stick, flask [3]float64) {
	return t.stick.middle(w), w.SitePos[t.flask]
}

// distances are from the thermos to the goal as seen from above, from the stick to the
// thermos and from the fingertips to the stick, m.
func (t *thermos) distances(w *world) (push, place, reach float64) {
	stick, flask := t.objects(w)
	return aside(flask, t.target(w)), apart(flask, stick), apart(stick, t.tip(w))
}

func (t *thermos) success(w *world) bool {
	push, place, reach := t.distances(w)
	return push <= thermosSolved && reach <= stickHeld && place <= stickAtFlask
}

func (t *thermos) reward(w *world, action []float64) float64 {
	push, place, reach := t.distances(w)
	from, flask, goal := remembered(w, memoryObject), w.memory[sawyerMemory:], t.target(w)
	l := lift{reach: reach, height: t.stick.middle(w)[2], rest: from[2], enough: stickEnough, grip: action[3], astray: push}
	l.picked = l.high()
	up := from[2] + stickEnough
	farPlace := apart([3]float64{flask[0], flask[1], up}, from) + up
	return l.reward() + l.pushing(place, farPlace, push, aside([3]float64{flask[0], flask[1]}, goal))
}

// handles are the stick and the thermos.
func (t *thermos) handles(w *world) []sim.Handle {
	return []sim.Handle{
		t.stick.handle(w, "stick"),
		{Name: "thermos", Object: t.slides[0].object, Move: func(pos [3]float64) error {
			if err := sim.CheckFinite("position of the thermos", pos[:]); err != nil {
				return err
			}
			for i, s := range t.slides {
				s.put(w, pos[i]-thermosFlask[i])
			}
			return w.Kinematics()
		}},
	}
}
