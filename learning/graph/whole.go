package graph

import "github.com/latco-studio/latco/learning/device"

// scanned is the shape of the recurrence for a device.Scanner.
func (c *scan) scanned() device.ScanShape {
	return device.ScanShape{T: c.T, B: c.B, Stoch: c.Stoch, Deter: c.Deter, Hidden: c.Hidden,
		Act: c.Act, ResetBefore: c.Dynamics == ResetBefore, MinStd: c.MinStd}
}

func (c *scan) scanWeights(w *ObserveWeights, p *ObserveParams[device.Buffer]) device.ScanWeights {
	return device.ScanWeights{
		InStoch: w.InStoch, Gate: w.Gate, Recur: w.Recur, PostState: w.PostState, PostOut: w.PostOut,
		InB: p.InB, GateB: p.GateB, RecurB: p.RecurB, PostB: p.PostB, PostOutB: p.PostOutB,
	}
}

func (c *scan) trace(out Packed, eps device.Mat) device.ScanTrace {
	return device.ScanTrace{
		In: c.in, Post: c.post, Noise: eps, Gates: c.cell.Gates, Side: c.side, Deter: out.Deter,
		Raw: c.postRaw, Mean: out.PostMean, Std: out.PostStd, Stoch: out.Stoch,
	}
}

// gradient is what a device.Scanner reads and fills: ddeter has the prior's part
// already.
func (c *scan) gradient(dout Packed) device.ScanGradient {
	g := device.ScanGradient{
		Mean: dout.PostMean, Std: dout.PostStd, Stoch: dout.Stoch, Deter: c.ddeter,
		In: c.din, Post: c.dpost, Gx: c.dgx, Raw: c.dpostRaw,
	}
	if c.Dynamics == ResetAfter {
		g.Gh = c.dgh
	}
	return g
}
