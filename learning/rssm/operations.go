package rssm

import "github.com/latco-studio/latco/learning/graph"

// StepOperations is the number of additions and multiplications in the products
// and convolutions of a gradient step on b sequences of length t: forward, and
// backward to weights and, except for the images, to inputs. All else together
// is less than a hundredth.
func (c *Config) StepOperations(b, t, actionDim int) float64 {
	s := c.observe(b, t, actionDim)
	rows := float64(s.Rows())
	encoder, decoder := c.encoder(1), c.decoder(1)
	macs := 0.0
	for i, e := range encoder {
		n := float64(e.OutH() * e.OutW() * e.Out * e.K * e.K * e.In)
		if i == 0 {
			macs += 2 * n * rows // nobody wants the gradient of an image
			continue
		}
		macs += 3 * n * rows
	}
	for _, d := range decoder {
		macs += 3 * rows * float64(d.OutH()*d.OutW()*d.Out*d.K*d.K*d.In)
	}
	macs += 3 * rows * float64(c.Feature()*c.DecoderUnits)
	macs += 3 * rows * (c.rewardProducts() + products(s, graph.Fields[[]int]))
	far := graph.OvershootShape{ObserveShape: s, Distance: min(c.Overshooting, t-1)}
	if far.Distance > 0 {
		n := float64(far.Rows())
		macs += 3 * n * products(s, graph.PriorFields[[]int])
		if c.OvershootingReward > 0 {
			macs += 3 * n * c.rewardProducts()
		}
	}
	return 2 * macs
}

// RolloutOperations is the number of additions and multiplications in the products
// of a step of a rollout: the prior and the reward.
func (c *Config) RolloutOperations(actionDim int) float64 {
	return 2 * (products(c.observe(1, 1, actionDim), graph.PriorFields[[]int]) + c.rewardProducts())
}

// LinearizeOperations is that of the value and the Jacobians of a transition and
// of the reward.
func (c *Config) LinearizeOperations(actionDim int) float64 {
	s, d, h, x := c.Stoch, c.deter(), c.Hidden, c.Stoch+actionDim
	macs := x * s * h // forward, one direction a row, of models without h
	if c.dynamics() == graph.DeepMarkov {
		macs += x * h * h
	}
	if d > 0 {
		macs = x*h*3*d + s*(h*d+3*d*h+3*d*d+h*x) + 3*d*d
	}
	return c.RolloutOperations(actionDim) + 2*(float64(macs)+c.rewardProducts())
}

// products is the number of multiplications that a row costs in the dense
// layers of the dynamics.
func products(s graph.ObserveShape, fields func(graph.Dynamics, *graph.ObserveParams[[]int]) []*[]int) float64 {
	shapes, sum := s.Shapes(), 0
	for _, shape := range fields(s.Dynamics, &shapes) {
		if len(*shape) == 2 {
			sum += size(*shape)
		}
	}
	return float64(sum)
}

func (c *Config) rewardProducts() float64 {
	sum, in := 0, c.Feature()
	for range c.RewardLayers {
		sum += in * c.RewardUnits
		in = c.RewardUnits
	}
	return float64(sum + in)
}
