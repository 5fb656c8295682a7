package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// rewardHead is the workspace of the reward head.
type rewardHead struct {
	arena
	rows int
	out  []device.Mat // rows×units of every layer, the last rows×1
	grad []device.Mat // gradients of the hidden layers' outputs
	dz   device.Mat   // rows×Z
	ones device.Mat   // rows×1
}

func (m *Model) reserveHead(rows int) error {
	h, c := &m.head, &m.config
	if rows <= h.rows {
		return nil
	}
	h.free()
	h.out, h.grad = nil, nil
	for range c.RewardLayers {
		h.out = append(h.out, h.mat(rows, c.RewardUnits))
		h.grad = append(h.grad, h.mat(rows, c.RewardUnits))
	}
	h.out = append(h.out, h.mat(rows, 1))
	h.dz, h.ones = h.mat(rows, c.Feature()), h.mat(rows, 1)
	h.rows = rows
	m.laid++
	if err := h.err; err != nil {
		h.free()
		h.rows = 0
		return fmt.Errorf("world model, %d rewards: %w", rows, err)
	}
	m.dev.Fill(h.ones.Buffer, 1)
	return nil
}

// rewards predicts the rewards (n×1) of features (n×Z).
func (m *Model) rewards(z device.Mat) device.Mat {
	n, x := z.Rows, z
	for i, l := range m.net.Reward {
		y := first(m.head.out[i], n)
		m.dev.Gemm(false, false, 1, x, l.W.Mat(x.Cols, y.Cols), 0, y)
		m.dev.BiasAct(m.config.rewardAct(i, len(m.net.Reward)), l.B, y)
		x = y
	}
	return x
}

// rewardGradient fills dz (n×Z) with dy·∂r/∂z at the features of the last call of
// rewards, dy n×1.
func (m *Model) rewardGradient(dy, dz device.Mat) {
	n := dy.Rows
	for i := len(m.net.Reward) - 1; i >= 0; i-- {
		dx := dz
		if i > 0 {
			dx = first(m.head.grad[i-1], n)
		}
		m.dev.Gemm(false, true, 1, dy, m.net.Reward[i].W.Mat(dx.Cols, dy.Cols), 0, dx)
		if i > 0 {
			m.dev.ActBackward(m.shape.Act, first(m.head.out[i-1], n), dx, dx)
		}
		dy = dx
	}
}

// LinearizeReward evaluates the reward head at n features z (n×Z): r (n) and,
// unless nil, drdz (n×Z).
func (m *Model) LinearizeReward(n int, z, r, drdz []float64) error {
	width := m.config.Feature()
	if err := firstError(need("z", len(z), n*width), need("r", len(r), n)); err != nil {
		return err
	}
	if drdz != nil {
		if err := need("drdz", len(drdz), n*width); err != nil {
			return err
		}
	}
	rows := m.together(n)
	for lo := 0; lo < n; lo += rows {
		hi := min(n, lo+rows)
		var d []float64
		if drdz != nil {
			d = drdz[lo*width : hi*width]
		}
		if err := m.linearizeRewards(hi-lo, z[lo*width:hi*width], r[lo:hi], d); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) linearizeRewards(n int, z, r, drdz []float64) error {
	if err := firstError(m.reserve(n), m.reserveHead(n)); err != nil {
		return err
	}
	if err := m.upload(m.step.z.Buffer, z); err != nil {
		return err
	}
	out := m.rewards(first(m.step.z, n))
	if err := m.download(r, out.Buffer); err != nil {
		return err
	}
	if drdz != nil {
		m.rewardGradient(first(m.head.ones, n), first(m.head.dz, n))
		if err := m.download(drdz, m.head.dz.Buffer); err != nil {
			return err
		}
	}
	return m.dev.Sync()
}

// firstError is the first that is not nil.
func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
