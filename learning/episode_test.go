package learning

import (
	"math"
	"math/rand"
	"reflect"
	"strings"
	"testing"
)

// countingEpisode has pixels, actions and rewards from which number and row can
// be told, so that tests can prove where a chunk came from.
func countingEpisode(t testing.TB, number, steps, actionDim int) *Episode {
	t.Helper()
	pixels := func(row int) []uint8 {
		p := make([]uint8, FramePixels)
		for i := range p {
			p[i] = uint8(number*31 + row + i/64)
		}
		p[0], p[1], p[2] = uint8(number), uint8(row), uint8(row>>8)
		return p
	}
	info := EpisodeInfo{Task: "count", Policy: "counting", Seed: int64(number), ActionRepeat: 2}
	e, err := NewEpisode(info, actionDim, pixels(0), []float64{float64(number), 0})
	if err != nil {
		t.Fatal(err)
	}
	for row := 1; row <= steps; row++ {
		a := make([]float64, actionDim)
		for i := range a {
			a[i] = float64(row) + float64(i)/8
		}
		err := e.Append(Step{Action: a, Pixels: pixels(row), Discount: 1, State: []float64{float64(number), float64(row) / 3}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return e
}

// randomEpisode fills every array with noise.
func randomEpisode(t testing.TB, rng *rand.Rand, steps, actionDim, stateDim int) *Episode {
	t.Helper()
	e := &Episode{
		Info:      EpisodeInfo{Task: "lottery", Policy: "random", Seed: rng.Int63(), Success: rng.Intn(2) == 0, Outcome: "win", ActionRepeat: 1 + rng.Intn(3)},
		ActionDim: actionDim, StateDim: stateDim,
		Pixels: make([]uint8, (steps+1)*FramePixels), Actions: make([]float32, (steps+1)*actionDim),
		Rewards: make([]float32, steps+1), SparseRewards: make([]float32, steps+1),
		Discounts: make([]float32, steps+1), States: make([]float64, (steps+1)*stateDim),
	}
	rng.Read(e.Pixels)
	for i := actionDim; i < len(e.Actions); i++ {
		e.Actions[i] = rng.Float32()*2 - 1
	}
	for i := range e.Rewards {
		e.Rewards[i], e.SparseRewards[i], e.Discounts[i] = rng.Float32(), rng.Float32(), 1
	}
	for i := range e.States {
		e.States[i] = rng.NormFloat64()
	}
	return e
}

func TestEpisodeRowZeroIsTheReset(t *testing.T) {
	e := countingEpisode(t, 3, 5, 2)
	if e.Rows() != 6 || e.Steps() != 5 || e.Frames() != 10 {
		t.Fatalf("rows %d, steps %d, frames %d; want 6, 5, 10", e.Rows(), e.Steps(), e.Frames())
	}
	if got := e.Action(0); got[0] != 0 || got[1] != 0 {
		t.Errorf("action of the reset is %v, want zeros", got)
	}
	if got := e.Action(4); !reflect.DeepEqual(got, []float32{4, 4.125}) {
		t.Errorf("action that led to row 4 is %v", got)
	}
	if f := e.Frame(4); f[0] != 3 || f[1] != 4 {
		t.Errorf("frame 4 belongs to episode %d row %d", f[0], f[1])
	}
	if err := e.Validate(); err != nil {
		t.Error(err)
	}
}

func TestAppendRefusesWhatDoesNotFit(t *testing.T) {
	nan := []float64{0, 0}
	nan[1] /= nan[0]
	good := Step{Action: []float64{1, 2}, Pixels: make([]uint8, FramePixels), State: []float64{1, 2}}
	for name, change := range map[string]func(*Step){
		"action":     func(s *Step) { s.Action = s.Action[:1] },
		"image":      func(s *Step) { s.Pixels = s.Pixels[:5] },
		"state":      func(s *Step) { s.State = nil },
		"NaN action": func(s *Step) { s.Action = nan },
		"NaN reward": func(s *Step) { s.Reward = nan[1] },
	} {
		e := countingEpisode(t, 0, 2, 2)
		s := good
		change(&s)
		if err := e.Append(s); err == nil {
			t.Errorf("%s: accepted", name)
		}
		if e.Rows() != 3 || e.Validate() != nil {
			t.Errorf("%s: the episode was changed", name)
		}
	}
}

func TestValidateFindsWhatAFileMayHide(t *testing.T) {
	inf := float32(math.Inf(1))
	for want, change := range map[string]func(*Episode){
		"action repeat 0":              func(e *Episode) { e.Info.ActionRepeat = 0 },
		"0 action dimensions":          func(e *Episode) { e.ActionDim, e.Actions = 0, nil },
		"image has 12288 numbers":      func(e *Episode) { e.Pixels = e.Pixels[:FramePixels] },
		"state has 1 numbers":          func(e *Episode) { e.States = e.States[:1] },
		"0 rows":                       func(e *Episode) { e.Rewards = nil },
		"action of the reset is 1":     func(e *Episode) { e.Actions[1] = 1 },
		"reward has a number that is":  func(e *Episode) { e.Rewards[2] = inf },
		"discount has a number that i": func(e *Episode) { e.Discounts[0] = -inf },
	} {
		e := countingEpisode(t, 1, 3, 2)
		change(e)
		if err := e.Validate(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
