package task

import (
	"fmt"
	"math"
	"math/rand"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// The numbers of the arm's control (Meta-World with V2 assets, as LatCo uses it).
const (
	sawyerSubsteps = 5    // physics steps of 2.5 ms for one execution of an action
	sawyerStride   = 0.01 // m: how far a full action leads the hand along an axis
	sawyerReset    = 50   // executions for which the hand settles at a reset
	sawyerActions  = 4
	sawyerObs      = 12
)

// sawyerHome is the posture in which every reset begins, rad: hand at (0, 0.6, 0.2)
// with the elbow up. From all zeros, where the public environments begin, the arm
// crosses singularities on its way and comes to rest in postures that differ with
// the version of MuJoCo, some of them with the hand 5 cm off.
var sawyerHome = [7]float64{1.23, -1.17, 0.103, 1.766, -0.049, 0.976, 3.097}

// sawyerDown points the fingers down.
var sawyerDown = [4]float64{math.Sqrt2 / 2, 0, math.Sqrt2 / 2, 0}

// handBox is where the hand may be led, m: its lowest and its highest corner.
type handBox [2][3]float64

// sawyerBox is the hand box of all tasks but button-press. Its far corners are out
// of the arm's reach: there the hand stays up to 15 cm behind its lead.
var sawyerBox = handBox{{-0.5, 0.4, 0.05}, {0.5, 1, 0.5}}

// What every manipulation task remembers: state.Task. A task's own memory follows.
const (
	memoryTip    = 0 // middle of the fingertips after the reset, m
	memoryObject = 3 // first object after the reset, m
	memoryLed    = 6 // where the hand was led to by the reset, m
	sawyerMemory = 9
)

// sawyer is the arm that the manipulation tasks embed. An action is the motion of the
// hand, 1 cm along each axis at ±1, and the closing of the fingers: −1 opens, 1 closes
// with full force. A weld draws the hand after its lead, a mocap body.
type sawyer struct {
	variant    string // paper or corrected
	difficulty string // any, easy, medium or hard
	corrected  bool   // the variant of this episode

	job   manipulation
	lead  int           // mocap body
	hand  int           // body
	tips  [2]int        // sites: right, left
	pads  [2]int        // sites: right, left
	goal  int           // mocap body, −1 where there is none
	mark  render.Object // by which a mouse takes the goal
	fresh bool          // between the draw of a reset and its first look

	// failed is why the hand could not settle at the last reset.
	failed error
}

// manipulation is what one task adds to the arm. Functions other than draw, objects,
// success and reward may be nil.
type manipulation struct {
	box    handBox    // where the hand may be led
	goals  handBox    // where a mouse may put the goal
	bins   [2]float64 // distances that part easy from medium and medium from hard, m
	memory int        // numbers it remembers beyond sawyerMemory

	// draw chooses a start and keeps what place needs of it. It may be asked several
	// times in a reset.
	draw func(rng *rand.Rand) start
	// place puts the objects where the last draw wants them; the hand has arrived.
	place func(w *world)
	// begin computes the task's own memory.
	begin func(w *world)
	// objects are where the things are that the state observation tells of, m; the
	// second is zero where there is one only.
	objects func(w *world) (first, second [3]float64)
	success func(w *world) bool
	// reward is the shaped one, of one execution of an action.
	reward func(w *world, action []float64) float64
	// handles are what can be dragged beside the goal.
	handles func(w *world) []sim.Handle
}

// start is one draw of a reset.
type start struct {
	hand     [3]float64 // where the hand is led to, m
	distance float64    // between what is moved and the goal, m
	// clear says that the task is not solved already and that the hand is not in the
	// way of what is moved. The corrected variant accepts no other starts.
	clear bool
}

func newSawyer(settings map[string]string) (sawyer, error) {
	s := sawyer{variant: variants[0], difficulty: difficulties[0]}
	fields := s.fields()
	for key, text := range settings {
		if err := setting.Set(fields, key, text); err != nil {
			return s, err
		}
	}
	return s, nil
}

// bind looks up the arm's names and returns the rules of the task around it.
func (s *sawyer) bind(m *mujoco.Model, job manipulation) (rules, error) {
	s.job = job
	for name, at := range map[string]*int{"right tip": &s.tips[0], "left tip": &s.tips[1], "right pad": &s.pads[0], "left pad": &s.pads[1]} {
		site, err := m.Site(name)
		if err != nil {
			return rules{}, err
		}
		*at = site
	}
	var err error
	if s.hand, err = m.Body("hand"); err != nil {
		return rules{}, err
	}
	lead, err := m.Body("lead")
	if err != nil {
		return rules{}, err
	}
	if err := m.EvenWeld("lead"); err != nil {
		return rules{}, err
	}
	s.lead, s.goal = m.BodyMocap[lead], -1
	if goal, err := m.Body("goal"); err == nil {
		s.goal = m.BodyMocap[goal]
		if s.mark, err = siteObject(m, "goal"); err != nil {
			return rules{}, err
		}
	}
	return rules{
		substeps: sawyerSubsteps, memory: sawyerMemory + job.memory,
		fields: s.fields, reset: s.reset, begin: s.begin,
		act: s.act, derive: s.settledWell, judge: s.judge, observe: s.observe,
		handles: s.handles,
	}, nil
}

// act leads the hand and sets the fingers' servos.
func (s *sawyer) act(w *world, action []float64) {
	at := w.MocapPos[s.lead]
	for i := range at {
		at[i] += sawyerStride * action[i]
	}
	w.MocapPos[s.lead] = s.job.box.nearest(at)
	w.MocapQuat[s.lead] = sawyerDown
	w.Ctrl[0], w.Ctrl[1] = action[3], -action[3]
}

// nearest is the point of the box that is nearest to p.
func (b handBox) nearest(p [3]float64) [3]float64 {
	for i := range p {
		p[i] = min(max(p[i], b[0][i]), b[1][i])
	}
	return p
}

func (s *sawyer) judge(w *world, t *sim.Timestep) {
	t.Reward += s.job.reward(w, t.Action)
	t.Success, t.SparseReward, t.Outcome = s.job.success(w), 0, ""
	if t.Success {
		t.SparseReward, t.Outcome = 1, "success"
	}
}

// observe writes hand and objects. The goal is zero, as in the released environment,
// whose agents see it in the image only; the corrected variant tells it.
func (s *sawyer) observe(w *world, obs []float64) {
	first, second := s.job.objects(w)
	copy(obs, w.BodyPos[s.hand][:])
	copy(obs[3:], first[:])
	copy(obs[6:], second[:])
	clear(obs[9:])
	if s.corrected && s.goal >= 0 {
		copy(obs[9:], w.MocapPos[s.goal][:])
	}
}

// tip is the middle of the fingertips, m.
func (s *sawyer) tip(w *world) [3]float64 {
	return middle(w.SitePos[s.tips[0]], w.SitePos[s.tips[1]])
}

// opening is how far the fingers are apart, in [0, 1]; 1 is 10 cm.
func (s *sawyer) opening(w *world) float64 {
	return min(10*apart(w.SitePos[s.tips[0]], w.SitePos[s.tips[1]]), 1)
}

// target is where the goal is, m, for tasks that have one.
func (s *sawyer) target(w *world) [3]float64 { return w.MocapPos[s.goal] }

func middle(a, b [3]float64) [3]float64 {
	return [3]float64{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2}
}

// remembered is a point in the memory.
func remembered(w *world, at int) [3]float64 { return [3]float64(w.memory[at : at+3]) }

// settledWell reports a reset that the physics did not survive.
func (s *sawyer) settledWell(*world) error {
	if s.failed != nil {
		return fmt.Errorf("the hand did not settle at the reset: %w", s.failed)
	}
	return nil
}
