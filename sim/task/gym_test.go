package task

import (
	"errors"
	"math"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
)

func TestGymReward(t *testing.T) {
	l := locomotion{gain: 1.25, alive: 5, effort: 0.1}
	for _, c := range []struct {
		speed float64
		ctrl  []float64
		want  float64
	}{
		{0, nil, 5},
		{2, []float64{0, 0}, 7.5},
		{-2, []float64{1, -2}, 2.5 - 0.5},
	} {
		if got := l.reward(c.speed, c.ctrl); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("at %g m/s with %v: %g, want %g", c.speed, c.ctrl, got, c.want)
		}
	}
}

func TestGymContactCost(t *testing.T) {
	soft, hard := [6]float64{0.5, 0, 0, -0.5}, [6]float64{7, -9}
	for _, c := range []struct {
		name string
		cost func([][6]float64) float64
		cfrc [][6]float64
		want float64
	}{
		{"ant in the air", antImpact, make([][6]float64, 14), 0},
		{"ant, below the cut", antImpact, [][6]float64{{}, soft}, 5e-4 * 0.5},
		{"ant, cut on both sides", antImpact, [][6]float64{hard, soft}, 5e-4 * 2.5},
		{"humanoid in the air", humanoidImpact, make([][6]float64, 14), 0},
		{"humanoid on its feet", humanoidImpact, [][6]float64{{}, {300, 0, -400}}, 5e-7 * 250000},
		{"humanoid at the cap", humanoidImpact, [][6]float64{{0, 0, 5000}}, 10},
	} {
		if got := c.cost(c.cfrc); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
}

func TestGymTermination(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	above, below := func(x float64) float64 { return math.Nextafter(x, inf) }, func(x float64) float64 { return math.Nextafter(x, -inf) }
	for _, c := range []struct {
		name       string
		healthy    func(qpos, qvel []float64) bool
		qpos, qvel []float64
		want       bool
	}{
		{"hopper", hopperHealthy, []float64{0, 1.25, 0, 0}, []float64{0}, true},
		{"hopper far away", hopperHealthy, []float64{1e4, 1.25, 0, 0}, []float64{0}, true},
		{"hopper at its lowest", hopperHealthy, []float64{0, 0.7, 0, 0}, []float64{0}, false},
		{"hopper above it", hopperHealthy, []float64{0, above(0.7), 0, 0}, []float64{0}, true},
		{"hopper leaning", hopperHealthy, []float64{0, 1.25, 0.2, 0}, []float64{0}, false},
		{"hopper leaning less", hopperHealthy, []float64{0, 1.25, below(0.2), 0}, []float64{0}, true},
		{"hopper leaning back", hopperHealthy, []float64{0, 1.25, -0.2, 0}, []float64{0}, false},
		{"hopper with a wild joint", hopperHealthy, []float64{0, 1.25, 0, 100}, []float64{0}, false},
		{"hopper too fast", hopperHealthy, []float64{0, 1.25, 0, 0}, []float64{-100}, false},
		{"hopper fast", hopperHealthy, []float64{0, 1.25, 0, 0}, []float64{below(100)}, true},
		{"hopper nowhere", hopperHealthy, []float64{nan, 1.25, 0, 0}, []float64{0}, false},
		{"hopper at infinity", hopperHealthy, []float64{inf, 1.25, 0, 0}, []float64{0}, false},

		{"walker", walker2dHealthy, []float64{0, 1.25, 0}, nil, true},
		{"walker at its lowest", walker2dHealthy, []float64{0, 0.8, 0}, nil, false},
		{"walker at its highest", walker2dHealthy, []float64{0, 2, 0}, nil, false},
		{"walker between", walker2dHealthy, []float64{0, below(2), above(-1)}, nil, true},
		{"walker leaning", walker2dHealthy, []float64{0, 1.25, 1}, nil, false},
		{"walker leaning back", walker2dHealthy, []float64{0, 1.25, -1}, nil, false},
		{"walker undefined", walker2dHealthy, []float64{0, 1.25, nan}, nil, false},

		{"ant at its lowest", antHealthy, []float64{0, 0, 0.2}, []float64{0}, true},
		{"ant below", antHealthy, []float64{0, 0, below(0.2)}, []float64{0}, false},
		{"ant at its highest", antHealthy, []float64{0, 0, 1}, []float64{0}, true},
		{"ant above", antHealthy, []float64{0, 0, above(1)}, []float64{0}, false},
		{"ant at infinite speed", antHealthy, []float64{0, 0, 0.5}, []float64{-inf}, false},

		{"humanoid at its lowest", humanoidHealthy, []float64{0, 0, 1}, nil, true},
		{"humanoid below", humanoidHealthy, []float64{0, 0, below(1)}, nil, false},
		{"humanoid at its highest", humanoidHealthy, []float64{0, 0, 2}, nil, true},
		{"humanoid above", humanoidHealthy, []float64{0, 0, above(2)}, nil, false},
	} {
		if got := c.healthy(c.qpos, c.qvel); got != c.want {
			t.Errorf("%s: healthy %t", c.name, got)
		}
	}
}

// TestGymResetNoise finds the start states spread as the public definitions say.
func TestGymResetNoise(t *testing.T) {
	const seeds = 300
	for _, c := range []struct {
		task     sim.Task
		noise    float64
		gaussian bool
	}{
		{HalfCheetah(), 0.1, true}, {Hopper(), 0.005, false}, {Walker2d(), 0.005, false},
		{Ant(), 0.1, true}, {Humanoid(), 0.01, false},
	} {
		in, err := c.task.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		var widest, squared, n float64
		for seed := range int64(seeds) {
			if _, err := in.Reset(seed); err != nil {
				t.Fatal(err)
			}
			s := in.State()
			if x := math.Abs(s.QPos[0]); x > c.noise {
				t.Fatalf("%s starts at x = %g", c.task.Name, x)
			}
			for _, v := range s.QVel {
				widest, squared, n = max(widest, math.Abs(v)), squared+v*v, n+1
			}
		}
		deviation := math.Sqrt(squared/n) / c.noise
		want := 1.0
		if !c.gaussian {
			want = 1 / math.Sqrt(3)
		}
		if math.Abs(deviation-want) > 0.05 || (widest > c.noise) != c.gaussian {
			t.Errorf("%s: velocities deviate by %g times the noise, at most %g", c.task.Name, deviation, widest/c.noise)
		}
	}
}

func TestGymContactForcesSetting(t *testing.T) {
	var bad *setting.RangeError
	if _, err := Ant().New(map[string]string{"contact_forces": "some"}); !errors.As(err, &bad) {
		t.Errorf("contact_forces=some: %v", err)
	}
	var unknown *setting.UnknownError
	if _, err := Hopper().New(map[string]string{"contact_forces": "real"}); !errors.As(err, &unknown) {
		t.Errorf("the hopper, which feels none, took contact_forces: %v", err)
	}
	in, err := Ant().New(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	for _, c := range []struct {
		forces string
		reset  bool
		felt   bool
	}{{"real", true, true}, {"zero", false, true}, {"zero", true, false}} {
		if err := setting.Set(in.Fields(), "contact_forces", c.forces); err != nil {
			t.Fatal(err)
		}
		if c.reset {
			if _, err := in.Reset(1); err != nil {
				t.Fatal(err)
			}
		}
		var felt bool
		for range 40 { // falls to the ground and lies there
			ts, err := in.Step(make([]float64, 8))
			if err != nil {
				t.Fatal(err)
			}
			felt = felt || squares(ts.Obs[27:]) > 0
		}
		if felt != c.felt {
			t.Errorf("forces %s, reset %t: felt %t", c.forces, c.reset, felt)
		}
	}
}

// TestGymIsFollowed runs far away and finds cameras and light there.
func TestGymIsFollowed(t *testing.T) {
	in, err := Hopper().New(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := in.Reset(1); err != nil {
		t.Fatal(err)
	}
	if _, err := in.(sim.Starter).Start([]float64{300, 1.25, 0, 0, 0, 0}, nil); err != nil {
		t.Fatal(err)
	}
	var s render.Scene
	in.Scene(&s)
	if at := in.(sim.Tracker).Track(); at != [3]float64{300, 0, 0} {
		t.Errorf("the cameras go to %v", at)
	}
	if math.Abs(float64(s.Centre[0])-300) > 1 || s.Centre[2] <= 0 {
		t.Errorf("the scene's middle is %v", s.Centre)
	}
}
