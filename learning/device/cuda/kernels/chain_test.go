package kernels

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// counted is a Stream that computes nothing.
type counted map[Kernel]int

func (c counted) Launch(k Kernel, _, _ Dim, _ int, _ []uint64) { c[k]++ }
func (counted) Scratch(int) uintptr                            { panic("a step needs no memory but its work") }

func (c counted) total() (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// buffers are as long as a system wants them, without memory.
func buffers(s device.ChainShape) (y device.ChainSystem, step, corrected device.Buffer) {
	n := func(len int) device.Buffer { return device.Buffer{Addr: 4, Len: len} }
	steps := s.Plans * s.Horizon
	return device.ChainSystem{
		Jacobian: n(steps * s.Latent * (s.Action + s.Latent)), Defect: n(steps * s.Latent), Excess: n(steps * s.Action),
		Cost: n(steps), CostGradient: n(steps * s.Latent), Dyn: n(steps), Act: n(steps), Kappa: n(s.Plans),
	}, n(s.Plans * s.Unknowns()), n(s.Plans)
}

// TestChainLaunches states what README.md says of the launches and the memory of a
// step: a plan of 30 steps has five levels, and 16 plans of the paper's model, which
// are eliminated from both ends, take less than 700 MB.
func TestChainLaunches(t *testing.T) {
	for _, x := range []struct {
		device.ChainShape
		ends, stages, launches int
		megabytes              float64
	}{
		{device.ChainShape{Plans: 1, Horizon: 30, Latent: 230, Action: 4}, 0, 5, 65, 26},
		{device.ChainShape{Plans: 16, Horizon: 30, Latent: 230, Action: 4}, 14, 16, 197, 281},
		{device.ChainShape{Plans: 1, Horizon: 30, Latent: 80, Action: 2}, 0, 5, 40, 4},
		{device.ChainShape{Plans: 16, Horizon: 30, Latent: 80, Action: 2}, 0, 5, 40, 63},
		{device.ChainShape{Plans: 1, Horizon: 1, Latent: 1, Action: 1}, 0, 2, 15, 1},
	} {
		c := counted{}
		m := Math{Stream: c}
		l := layoutOf(x.ChainShape)
		n := m.ChainWork(x.ChainShape)
		y, step, corrected := buffers(x.ChainShape)
		m.SolveChains(x.ChainShape, y, device.Buffer{Addr: 4, Len: n}, step, corrected)
		if l.ends != x.ends || l.stages() != x.stages || c.total() != x.launches || 4e-6*float64(n) > x.megabytes {
			t.Errorf("%+v: %d from either end, %d stages, %d launches, %.0f MB; want %d, %d, %d, at most %.0f\n%v",
				x.ChainShape, l.ends, l.stages(), c.total(), 4e-6*float64(n), x.ends, x.stages, x.launches, x.megabytes, c)
		}
	}
}

// TestChainOrder: whatever the number of blocks, every one is eliminated once, and a
// stack has room for the neighbours it meets.
func TestChainOrder(t *testing.T) {
	for horizon := 1; horizon < 200; horizon++ {
		for ends := range horizon/2 + 1 {
			l := chainLayout{ChainShape: device.ChainShape{Plans: 1, Horizon: horizon, Latent: 3, Action: 1}, n: 4, wide: 32, tiles: 1,
				blocks: horizon + 1, ends: ends}
			left := l.blocks
			for stage := range l.stages() {
				gone, kept := l.counts(stage)
				left -= gone
				if gone < 1 || stage >= ends && kept != left || kept > left {
					t.Fatalf("%d blocks, %d from either end: stage %d eliminates %d beside %d of %d", l.blocks, ends, stage, gone, kept, left)
				}
				if rows := l.rows(stage, 0) + chainTile; rows > l.segments()*l.wide || rows < l.wide {
					t.Fatalf("%d blocks, %d from either end: stage %d factors %d rows of stacks of %d", l.blocks, ends, stage, rows, l.segments()*l.wide)
				}
			}
			if left != 0 {
				t.Fatalf("%d blocks, %d from either end: %d are left", l.blocks, ends, left)
			}
		}
	}
}

// TestChainLimits: what the kernels have no room for is said before anything is done.
func TestChainLimits(t *testing.T) {
	for _, s := range []device.ChainShape{
		{Plans: 1, Horizon: 1, Latent: 2047, Action: 1}, {Plans: 65536, Horizon: 1, Latent: 1, Action: 1}, {Plans: 1, Horizon: 65535, Latent: 1, Action: 1},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%+v: no panic", s)
				}
			}()
			new(Math).ChainWork(s)
		}()
	}
	c := counted{}
	m := Math{Stream: c}
	if none := (device.ChainShape{Plans: 0, Horizon: 3, Latent: 2, Action: 1}); m.ChainWork(none) != 0 {
		t.Errorf("no plans want %d numbers to work in", m.ChainWork(none))
	} else if m.SolveChains(none, device.ChainSystem{}, device.Buffer{}, device.Buffer{}, device.Buffer{}); c.total() != 0 {
		t.Error("no plans were solved")
	}
}
