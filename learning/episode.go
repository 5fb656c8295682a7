package learning

import (
	"fmt"
	"math"
)

// ImageSize is the height and width of an observation in pixels.
const ImageSize = 64

// FramePixels is the number of bytes of one observation, 64×64×3.
const FramePixels = ImageSize * ImageSize * 3

// maxSteps bounds an episode: more than any task has, and little enough that a
// damaged file cannot ask for all the memory.
const maxSteps = 100_000

// EpisodeInfo says where an episode came from and how it ended.
type EpisodeInfo struct {
	Task    string `json:"task"`
	Policy  string `json:"policy"` // random, scripted, or the planner's name
	Seed    int64  `json:"seed"`
	Success bool   `json:"success"`
	Outcome string `json:"outcome,omitempty"` // lottery: "", sure, win or loss
	// SolvedAtReset: it was solved at the first step already, before anything was
	// done. Such episodes are the floor of any success rate.
	SolvedAtReset bool `json:"solved_at_reset,omitempty"`
	ActionRepeat  int  `json:"action_repeat"` // simulator steps a control step, ≥ 1
}

// Episode is T control steps after a reset. Row 0 of every array is the reset;
// the action at row t is the one that led to the observation at row t
// (REFERENCE A3), so that row 0 holds zeros.
type Episode struct {
	Info      EpisodeInfo
	ActionDim int // A
	StateDim  int // S, 0 if states were not kept

	Pixels        []uint8   // (T+1)×64×64×3, RGB
	Actions       []float32 // (T+1)×A
	Rewards       []float32 // T+1, the shaped one, summed over the action repeat
	SparseRewards []float32 // T+1, for having solved the task; equal to Rewards if it has but one
	Discounts     []float32 // T+1: 0 where the task terminated, else 1
	States        []float64 // (T+1)×S, the simulator's state observation
}

// NewEpisode begins an episode with its reset: pixels (64×64×3) and state (S,
// may be empty) are copied.
func NewEpisode(info EpisodeInfo, actionDim int, pixels []uint8, state []float64) (*Episode, error) {
	e := &Episode{Info: info, ActionDim: actionDim, StateDim: len(state)}
	if err := e.checkInfo(); err != nil {
		return nil, err
	}
	err := e.Append(Step{Action: make([]float64, actionDim), Pixels: pixels, State: state, Discount: 1})
	if err != nil {
		return nil, err
	}
	return e, nil
}

// Step is what one control step added.
type Step struct {
	Action               []float64 // A, what was executed
	Pixels               []uint8   // 64×64×3, what was seen afterwards
	Reward, SparseReward float64
	Discount             float64   // 0 if the task terminated, else 1
	State                []float64 // S
}

// Append adds one control step. Sizes that differ from the reset's, and numbers
// that are not finite, are errors and leave the episode as it was.
func (e *Episode) Append(s Step) error {
	switch {
	case len(s.Action) != e.ActionDim:
		return fmt.Errorf("episode step %d: action has %d numbers, want %d", e.Rows(), len(s.Action), e.ActionDim)
	case len(s.Pixels) != FramePixels:
		return fmt.Errorf("episode step %d: image has %d bytes, want %d", e.Rows(), len(s.Pixels), FramePixels)
	case len(s.State) != e.StateDim:
		return fmt.Errorf("episode step %d: state has %d numbers, want %d", e.Rows(), len(s.State), e.StateDim)
	case !finite(s.Action) || !finite(s.State) || !finite([]float64{s.Reward, s.SparseReward, s.Discount}):
		return fmt.Errorf("episode step %d: a number is not finite", e.Rows())
	}
	e.Pixels = append(e.Pixels, s.Pixels...)
	for _, a := range s.Action {
		e.Actions = append(e.Actions, float32(a))
	}
	e.Rewards = append(e.Rewards, float32(s.Reward))
	e.SparseRewards = append(e.SparseRewards, float32(s.SparseReward))
	e.Discounts = append(e.Discounts, float32(s.Discount))
	e.States = append(e.States, s.State...)
	return nil
}

// Rows is T+1, the reset and the control steps after it.
func (e *Episode) Rows() int { return len(e.Rewards) }

// Steps is T, the number of control steps.
func (e *Episode) Steps() int { return max(0, len(e.Rewards)-1) }

// Frames is the number of simulator steps, T times the action repeat.
func (e *Episode) Frames() int { return e.Steps() * e.Info.ActionRepeat }

// Return is Σ_t r_t of RewardShaped or RewardSparse, undiscounted.
func (e *Episode) Return(reward string) float64 {
	sum := 0.0
	for _, r := range e.Learned(reward) {
		sum += float64(r)
	}
	return sum
}

// Frame is the observation at row t, a view of 64×64×3 bytes.
func (e *Episode) Frame(t int) []uint8 { return e.Pixels[t*FramePixels : (t+1)*FramePixels] }

// Action is the action that led to row t, a view of A numbers.
func (e *Episode) Action(t int) []float32 { return e.Actions[t*e.ActionDim : (t+1)*e.ActionDim] }

// Validate checks that the arrays agree in length, that row 0 is a reset and
// that every number is finite.
func (e *Episode) Validate() error {
	if err := e.checkInfo(); err != nil {
		return err
	}
	n := e.Rows()
	if n < 1 || n > maxSteps+1 {
		return fmt.Errorf("episode has %d rows, want 1 to %d", n, maxSteps+1)
	}
	for _, a := range []struct {
		name      string
		got, want int
	}{
		{"image", len(e.Pixels), n * FramePixels},
		{"action", len(e.Actions), n * e.ActionDim},
		{"sparse_reward", len(e.SparseRewards), n},
		{"discount", len(e.Discounts), n},
		{"state", len(e.States), n * e.StateDim},
	} {
		if a.got != a.want {
			return fmt.Errorf("episode: %s has %d numbers, want %d for %d rows", a.name, a.got, a.want, n)
		}
	}
	for _, a := range e.Action(0) {
		if a != 0 {
			return fmt.Errorf("episode: the action of the reset is %g, want 0", a)
		}
	}
	for _, a := range []struct {
		name string
		ok   bool
	}{
		{"action", finite(e.Actions)},
		{"reward", finite(e.Rewards)},
		{"sparse_reward", finite(e.SparseRewards)},
		{"discount", finite(e.Discounts)},
		{"state", finite(e.States)},
	} {
		if !a.ok {
			return fmt.Errorf("episode: %s has a number that is not finite", a.name)
		}
	}
	return nil
}

func (e *Episode) checkInfo() error {
	switch {
	case e.ActionDim < 1 || e.ActionDim > 1000:
		return fmt.Errorf("episode: %d action dimensions, want 1 to 1000", e.ActionDim)
	case e.StateDim < 0 || e.StateDim > 10000:
		return fmt.Errorf("episode: %d state dimensions, want 0 to 10000", e.StateDim)
	case e.Info.ActionRepeat < 1 || e.Info.ActionRepeat > 1000:
		return fmt.Errorf("episode: action repeat %d, want 1 to 1000", e.Info.ActionRepeat)
	}
	return nil
}

func finite[F float32 | float64](xs []F) bool {
	for _, x := range xs {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return false
		}
	}
	return true
}
