//go:build linux && cgo

package rssm

import (
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels/kernelstest"
)

// TestLaunchesOfACollocation counts the launches of an iteration of LatCo before the
// systems are solved: they decide how long the Jacobians of one plan take.
func TestLaunchesOfACollocation(t *testing.T) {
	for preset, most := range map[string][2]int{"paper": {14, 22}, "planet": {18, 30}} {
		c, err := Preset(preset)
		if err != nil {
			t.Fatal(err)
		}
		c.Stoch, c.Deter, c.Hidden, c.EmbedDepth, c.DecoderUnits, c.RewardUnits = 5, 20, 12, 1, 8, 16
		p, err := NewParams(c, 4, 1)
		if err != nil {
			t.Fatal(err)
		}
		for _, plans := range []int{1, 16} {
			dev := kernelstest.New()
			m, err := NewModel(p, dev)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := m.StartCollocation(plans, 3, 0, 1e-3); err != nil {
				t.Fatal(err)
			}
			for i, queue := range []func() error{m.evaluateMeans, m.deriveMeans} {
				before := launches(dev)
				if err := queue(); err != nil {
					t.Fatal(err)
				}
				what := [...]string{"values", "Jacobians"}[i]
				n := launches(dev) - before
				t.Logf("%s, %d plans: %d launches for %s", preset, plans, n, what)
				if n > most[i] {
					t.Errorf("%s, %d plans: %d launches for %s, want %d at most", preset, plans, n, what, most[i])
				}
			}
			closed(t, m)
		}
	}
}

// TestLaunchesOfExpectedRewards counts them for Gaussian LatCo: there are a few for
// all samples of all plans.
func TestLaunchesOfExpectedRewards(t *testing.T) {
	dev := kernelstest.New()
	c := tiny()
	c.RewardLayers = 3
	p, err := NewParams(c, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	m, err := NewModel(p, dev)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, m)
	w := m.FeatureDim()
	for _, rows := range []int{1, 30, 480} {
		z, r := make([]float64, rows*w), make([]float64, rows)
		expect := func() {
			t.Helper()
			if err := m.ExpectRewards(rows, 50, z, z, r, r, z, 1, 0); err != nil {
				t.Fatal(err)
			}
		}
		expect() // what is made once
		before := launches(dev)
		expect()
		n := launches(dev) - before
		t.Logf("%d rows: %d launches", rows, n)
		if n > 30 {
			t.Errorf("%d rows: %d launches, want 30 at most", rows, n)
		}
	}
}

func launches(dev *kernelstest.Device) (sum int) {
	for _, n := range dev.Launches {
		sum += n
	}
	return sum
}

// The parts of mean Jacobians that kernels sum over all groups at once are those
// that a processor sums group by group, whatever the groups' size.
func TestSumsOverGroups(t *testing.T) {
	recurrent(t, func(t *testing.T, c Config) {
		host, p := newModel(t, c, 2)
		there, err := NewModel(p, kernelstest.New())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, there)
		for _, k := range []int{1, 2, 7, 8, 25} {
			x := newIterate(host, 1, 6)
			want, err := x.apart(host, 6, k)
			if err != nil {
				t.Fatal(err)
			}
			got, err := x.apart(there, 6, k)
			if err != nil {
				t.Fatal(err)
			}
			nearAll(t, "dz", got.dz, want.dz, 1e-5)
			nearAll(t, "da", got.da, want.da, 1e-5)
			nearAll(t, "next", got.next, want.next, 1e-5)
			nearAll(t, "std", got.second, want.second, 1e-5)
		}
	})
}
