package kernels

import "github.com/latco-studio/latco/learning/device"

// ChainOrder names the order in which SolveChains eliminates the blocks of a shape.
func (m *Math) ChainOrder(s device.ChainShape) string {
	if s.Plans == 0 {
		return "nothing to solve"
	}
	switch l := layoutOf(s); {
	case l.blocks-2*l.ends <= 3: // of three, reduction takes the ends first
		return "elimination from both ends"
	case l.ends > 0:
		return "elimination from both ends, then cyclic reduction"
	}
	return "cyclic reduction"
}
