package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// chance says whether states are sampled, and with which numbers: those of step t
// of a sequence come from stream+1+t of seed, from its row on.
type chance struct {
	sampled      bool
	seed, stream uint64
	row          int // of the first sequence
}

// rollOut fills sum (n×1, without gaps) with the returns of n sequences of actions (n×H·A) from
// the feature of begin. All of it stays on the device.
func (m *Model) rollOut(actions, sum device.Mat, c chance) {
	t, n, h := &m.step, actions.Rows, actions.Cols/m.act
	z, next := first(t.z, n), first(t.next, n)
	m.dev.MulRows(m.origin.feature, m.origin.ones, 0, z) // one start for all
	m.dev.Fill(sum.Slice(sum.Offset, sum.Offset+n), 0)
	for i := range h {
		a := actions.ColRange(i*m.act, (i+1)*m.act)
		var eps device.Mat
		if c.sampled && m.config.samples() {
			eps = first(t.eps, n)
			m.dev.Normals(c.seed, c.stream+1+uint64(i), c.row, eps)
		}
		m.predict(n, z, a, eps, next)
		m.dev.AddMat(sum, m.rewards(next))
		z, next = next, z
	}
}

// origin is where rollouts begin.
type origin struct {
	arena
	feature, ones device.Mat // 1×Z
}

// begin uploads the feature (Z) at which the following rollouts start.
func (m *Model) begin(feature []float64) error {
	o := &m.origin
	if len(o.owned) == 0 {
		o.feature, o.ones = o.mat(1, len(feature)), o.mat(1, len(feature))
		if err := o.err; err != nil {
			o.free()
			return fmt.Errorf("world model: %w", err)
		}
		m.dev.Fill(o.ones.Buffer, 1)
	}
	return m.upload(o.feature.Buffer, feature)
}

// reserveRollout makes room for rows sequences that are rolled out together.
func (m *Model) reserveRollout(rows int) error {
	return firstError(m.reserve(rows), m.reserveHead(rows))
}

const (
	// chunk is the number of rows computed together on a CPU: enough for the
	// kernels to be busy, few enough for the activations to stay in cache.
	chunk = 256
	// rolloutMemory bounds what the rows together take elsewhere, in bytes.
	rolloutMemory = 512 << 20
)

// together is the number of sequences, at most n, that are rolled out at once.
func (m *Model) together(n int) int {
	rows := chunk
	if !m.onHost {
		rows = max(chunk, rolloutMemory/(4*m.rowNumbers()))
	}
	return max(1, min(n, rows))
}

// rowNumbers is what reserveRollout takes for a row.
func (m *Model) rowNumbers() int {
	c := &m.config
	return 3*c.Feature() + m.act + 5*c.Stoch + 2*c.Hidden + 10*c.deter() + 2*c.RewardLayers*c.RewardUnits + 3
}

// Operations that one call of a planner should take: a twentieth of a second on
// two cores, and on an accelerator.
const (
	hostCall        = 1e10
	acceleratorCall = 1e12
)

// ScoreBatch is the number of sequences of h actions to score in one call.
func (m *Model) ScoreBatch(h int) int {
	most, work := m.together(1<<30), hostCall
	if !m.onHost {
		work = acceleratorCall
	}
	return max(16, min(most, int(work/(float64(max(1, h))*m.config.RolloutOperations(m.act)))))
}
