package rssm

// lastRate is the share of the learning rate that annealing leaves, so that a
// run that is extended beyond its planned length still moves.
const lastRate = 0.01

// rate is the learning rate of the gradient step after n others: rising linearly
// over the first Ramp steps, as in PlaNet's first version, constant, as in the
// papers, then linearly falling over the last Anneal·Updates steps.
func (c *Config) rate(n int) float64 {
	rate := c.LearningRate
	if n < c.Ramp {
		rate *= float64(n+1) / float64(c.Ramp)
	}
	if c.Anneal == 0 {
		return rate
	}
	left := float64(c.Updates-n) / (c.Anneal * float64(c.Updates))
	return rate * min(1, max(left, lastRate))
}
