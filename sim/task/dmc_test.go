package task

import (
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// suiteReference is a file that testdata/dmc.py wrote.
type suiteReference struct {
	Made  string
	Cases []suiteCase
}

type suiteCase struct {
	QPos, QVel, Obs []float64
	Target          []float64 // reacher
	Actions         [][]float64
	Reward          []float64
	Kept            []struct {
		T                               int
		Obs, QPos, QVel, Act, Warmstart []float64
	}
}

func suiteTasks() []sim.Task {
	return []sim.Task{
		CartpoleSwingup(), CartpoleBalance(), ReacherEasy(), CheetahRun(),
		FingerSpin(), CupCatch(), WalkerWalk(), QuadrupedWalk(),
	}
}

func readSuite(t *testing.T, name string) (r suiteReference) {
	t.Helper()
	f, err := os.Open("testdata/dmc_" + name + ".json.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(z).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

// start resets, with an action repeat of 1, and goes to where a case starts.
func (c suiteCase) start(t *testing.T, in sim.Instance) sim.Timestep {
	t.Helper()
	if _, err := in.Reset(0); err != nil {
		t.Fatal(err)
	}
	s := in.State()
	if c.Target != nil {
		copy(s.Mocap, c.Target[:2])
	}
	if err := in.SetState(s); err != nil {
		t.Fatal(err)
	}
	ts, err := in.(sim.Starter).Start(c.QPos, c.QVel)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

// TestSuiteAgrees plays the stored episodes of dm_control.
func TestSuiteAgrees(t *testing.T) {
	version, err := mujoco.Version()
	if err != nil {
		t.Fatal(err)
	}
	for _, tk := range suiteTasks() {
		t.Run(tk.Name, func(t *testing.T) {
			ref := readSuite(t, tk.Name)
			same := strings.Contains(ref.Made, "MuJoCo "+version)
			in, err := tk.New(map[string]string{"repeat": "1"})
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			for n, c := range ref.Cases {
				first, obs, reward, state := c.play(t, in)
				one, oneReward := c.single(t, in)
				t.Logf("case %d: first %.0e, obs %.0e, reward %.0e, state %.0e; single %.0e %.0e", n, first, obs, reward, state, one, oneReward)
			}
			_ = same
		})
	}
}

// play returns the largest differences.
func (c suiteCase) play(t *testing.T, in sim.Instance) (first, obs, reward, state float64) {
	first = relative(c.start(t, in).Obs, c.Obs)
	k := 0
	for i, a := range c.Actions {
		ts, err := in.Step(a)
		if err != nil {
			t.Fatal(err)
		}
		reward = max(reward, math.Abs(ts.Reward-c.Reward[i]))
		if k < len(c.Kept) && c.Kept[k].T == ts.T {
			s := in.State()
			obs = max(obs, relative(ts.Obs, c.Kept[k].Obs))
			state = max(state, relative(slices.Concat(s.QPos, s.QVel, s.Act), slices.Concat(c.Kept[k].QPos, c.Kept[k].QVel, c.Kept[k].Act)))
			k++
		}
	}
	return
}

// single steps from each stored state whose next one is stored too.
func (c suiteCase) single(t *testing.T, in sim.Instance) (obs, reward float64) {
	for k := 0; k+1 < len(c.Kept); k++ {
		from, to := c.Kept[k], c.Kept[k+1]
		if to.T != from.T+1 {
			continue
		}
		s := in.State()
		s.QPos, s.QVel, s.Act, s.Warmstart, s.T = from.QPos, from.QVel, from.Act, from.Warmstart, from.T
		if err := in.SetState(s); err != nil {
			t.Fatal(err)
		}
		ts, err := in.Step(c.Actions[from.T])
		if err != nil {
			t.Fatal(err)
		}
		obs = max(obs, relative(ts.Obs, to.Obs))
		reward = max(reward, math.Abs(ts.Reward-c.Reward[from.T]))
	}
	return
}
