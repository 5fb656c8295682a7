package task

import (
	"math"
	"testing"

	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// gymReference is a file that testdata/gym.py wrote.
type gymReference struct {
	Made  string
	Cases []gymCase
}

type gymCase struct {
	QPos, QVel, Obs []float64
	Actions         [][]float64
	Reward          []float64 // v2's with real contact forces
	RewardZero      []float64 `json:"reward_zero"` // v2's with none, v4's by default
	Terminated      []bool
	Kept            []struct {
		T               int
		Obs, QPos, QVel []float64
	}
}

// The bounds are relative errors, |a − b| / max(1, |b|). On MuJoCo 2.2.2, of which the
// numbers are, all 100 steps agree; the largest error found is 3.5e-13 (Walker2d, whose
// lengths are written with fewer digits here), and that of the cheetah, the ant and
// the humanoid 1e-15. Versions 3.2.5 to 3.17 round differently, which the cheetah, a
// chaotic runner, makes 1e-6 of after 40 steps, so only the first steps are compared.
// The humanoid's solver stops before it has converged, so there what it starts from
// counts, which changed in 3.3.6.
const (
	gymBound         = 1e-11
	gymOtherBound    = 1e-9
	gymOtherSteps    = 10
	gymOtherHumanoid = 1e-3 // in the first 5 steps
)

func TestGymAgreesWithGymnasium(t *testing.T) {
	for _, c := range []struct {
		model string
		task  sim.Task
	}{
		{"halfcheetah", HalfCheetah()}, {"hopper", Hopper()}, {"walker2d", Walker2d()},
		{"ant", Ant()}, {"ant", TruncatedAnt()},
		{"humanoid", Humanoid()}, {"humanoid", TruncatedHumanoid()},
	} {
		t.Run(c.task.Name, func(t *testing.T) {
			for i, r := range readGym(t, c.model).Cases {
				agrees(t, c.task, c.model, i, r, nil)
			}
		})
	}
}

// TestGymWithoutContactForces compares with forces of zero, as Gym has them on MuJoCo 2.
func TestGymWithoutContactForces(t *testing.T) {
	zero := map[string]string{"contact_forces": "zero"}
	for _, tk := range []sim.Task{Ant(), Humanoid()} {
		t.Run(tk.Name, func(t *testing.T) {
			for i, r := range readGym(t, tk.Name).Cases {
				r.Reward = r.RewardZero
				for _, kept := range r.Kept {
					clear(kept.Obs[len(kept.Obs)-84:])
				}
				agrees(t, tk, tk.Name, i, r, zero)
			}
		})
	}
}

func readGym(t *testing.T, model string) (r gymReference) {
	t.Helper()
	readReference(t, "gym_"+model, &r)
	if len(r.Cases) == 0 || len(r.Cases[0].Kept) == 0 {
		t.Fatalf("nothing to compare with in what %s made", r.Made)
	}
	return r
}

// agrees replays a case and compares what it can on this version of MuJoCo. Truncated
// tasks observe the first part of what is stored.
func agrees(t *testing.T, tk sim.Task, model string, number int, c gymCase, settings map[string]string) {
	t.Helper()
	in, ts := startGym(t, tk, c, settings)
	bound, steps := gymBounds(t, model, len(c.Actions))
	near := func(step int, what string, got, want []float64) {
		t.Helper()
		if e := relative(got, want); !(e <= bound) {
			t.Errorf("case %d, step %d: %s is off by %.1e", number, step, what, e)
		}
	}
	near(0, "observation", ts.Obs, c.Obs[:tk.ObsDim])
	kept := c.Kept
	for i, action := range c.Actions[:steps] {
		var err error
		if ts, err = in.Step(action); err != nil {
			t.Fatal(err)
		}
		near(ts.T, "reward", []float64{ts.Reward, ts.SparseReward}, []float64{c.Reward[i], c.Reward[i]})
		if ts.Terminated != c.Terminated[i] {
			t.Errorf("case %d, step %d: terminated %t", number, ts.T, ts.Terminated)
		}
		if len(kept) > 0 && kept[0].T == ts.T {
			s := in.State()
			near(ts.T, "observation", ts.Obs, kept[0].Obs[:tk.ObsDim])
			near(ts.T, "position", s.QPos, kept[0].QPos)
			near(ts.T, "velocity", s.QVel, kept[0].QVel)
			kept = kept[1:]
		}
	}
}

func startGym(t *testing.T, tk sim.Task, c gymCase, settings map[string]string) (sim.Instance, sim.Timestep) {
	t.Helper()
	in, err := tk.New(settings)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close() })
	if _, err := in.Reset(1); err != nil {
		t.Fatal(err)
	}
	ts, err := in.(sim.Starter).Start(c.QPos, c.QVel)
	if err != nil {
		t.Fatal(err)
	}
	return in, ts
}

// gymBounds is how near a model must stay for how many steps.
func gymBounds(t *testing.T, model string, all int) (bound float64, steps int) {
	t.Helper()
	version, err := mujoco.Version()
	switch {
	case err != nil:
		t.Fatal(err)
	case version == "2.2.2":
		return gymBound, all
	case model == "humanoid":
		return gymOtherHumanoid, 5
	}
	return gymOtherBound, gymOtherSteps
}

// relative is the largest |a − b| / max(1, |b|), NaN if there is one.
func relative(a, b []float64) (worst float64) {
	for i := range b {
		worst = max(worst, math.Abs(a[i]-b[i])/max(1, math.Abs(b[i])))
	}
	return worst
}
