package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// training is the graph of the loss for batches of one shape.
type training struct {
	*graph.Graph
	b, t  int
	shape graph.ObserveShape
	far   graph.OvershootShape // Distance 0: no overshooting

	images, actions, rewards, noise device.Buffer // inputs, rows ordered by time, then sequence
	farNoise, farRewards            device.Buffer

	states, picture *graph.Node // Rows×Packed, Rows×Pixels
	image, reward   *graph.Node
	kl, total       *graph.Node
	global          *graph.Node // nil where it has no weight
	farKL           *graph.Node
	farReward       *graph.Node
}

// newTraining builds the loss over b sequences of length t; flat holds the
// parameters.
//
//	total = wᵢ·½‖image error‖² + wᵣ·½(reward error)² + wₖ·max(KL, free nats)
//	      + w_g·KL(posterior ‖ N(0, I))
//	      + w_d·max(0, open-loop KL − free nats) + w_o·½(open-loop reward error)²
//
// each a mean over the batch and time, the image error a sum over pixels, the
// last two means over the predictions of every distance together. Free nats
// granted to each step make the third term the mean of max(0, KL − free nats).
func newTraining(dev device.Device, c *Config, actionDim, b, t int, flat device.Buffer) (*training, error) {
	g := graph.New(dev)
	r := &training{Graph: g, b: b, t: t, shape: c.observe(b, t, actionDim)}
	r.far = graph.OvershootShape{ObserveShape: r.shape, Distance: min(c.Overshooting, t-1)}
	if err := r.build(c, actionDim, flat); err != nil {
		g.Close()
		return nil, fmt.Errorf("world model for %d sequences of %d steps: %w", b, t, err)
	}
	return r, nil
}

func (r *training) build(c *Config, actionDim int, flat device.Buffer) error {
	g, s := r.Graph, r.shape
	rows := s.Rows()
	var params []*graph.Node
	net := place(c, actionDim, flat, func(l leaf, b device.Buffer) *graph.Node {
		n := g.Param(l.name, b, l.matrix()...)
		params = append(params, n)
		return n
	})
	images := g.Input("images", rows, Pixels)
	actions := g.Input("actions", rows, actionDim)
	rewards := g.Input("rewards", rows, 1)
	noise := g.Input("noise", rows, s.Noise())

	embed := images
	for i, l := range net.Encoder {
		embed = g.Conv(c.encoder(rows)[i], device.ReLU, embed, l.W, l.B)
	}
	r.states = g.Observe(s, embed, actions, noise, net.Core)
	feature := g.Columns(r.states, 0, s.Feature())
	r.picture = g.Dense(device.Identity, feature, net.Decoder.W, net.Decoder.B)
	for i, l := range net.Deconv {
		r.picture = g.Deconv(c.decoder(rows)[i], deconvAct(i), r.picture, l.W, l.B)
	}
	r.image = g.HalfSquaredError(r.picture, images)
	r.reward = g.HalfSquaredError(r.predictReward(c, net.Reward, feature), rewards)
	r.kl = g.MeanKL(s, r.states)

	var sum loss
	sum.add(c.ImageScale, r.image)
	sum.add(c.RewardScale, r.reward)
	if c.FreeNatsOf == FreeEachStep {
		sum.add(c.klScale(), g.StepKL(s, c.FreeNats, r.states))
	} else {
		sum.add(c.klScale(), g.FreeNats(r.kl, c.FreeNats))
	}
	if c.GlobalKL > 0 {
		r.global = g.GlobalKL(s, r.states)
		sum.add(c.GlobalKL, r.global)
	}
	if r.far.Distance > 0 {
		r.overshoot(c, net, actions, &sum)
	}
	r.total = g.WeightedSum(sum.weights, sum.terms...)
	if err := g.Compile(r.total, params); err != nil {
		return err
	}
	r.images, r.actions = g.Buffer(images), g.Buffer(actions)
	r.rewards, r.noise = g.Buffer(rewards), g.Buffer(noise)
	return nil
}

// predictReward is the reward head on features.
func (r *training) predictReward(c *Config, head []layer[*graph.Node], x *graph.Node) *graph.Node {
	for i, l := range head {
		x = r.Dense(c.rewardAct(i, len(head)), x, l.W, l.B)
	}
	return x
}

// overshoot adds the losses of open-loop predictions.
func (r *training) overshoot(c *Config, net network[*graph.Node], actions *graph.Node, sum *loss) {
	s := r.far
	noise := r.Input("overshooting noise", s.NoiseRows(), s.Stoch)
	predictions := r.Overshoot(s, r.states, actions, noise, net.Core)
	r.farKL = r.OvershootKL(s, c.FreeNats, r.states, predictions)
	sum.add(c.OvershootingKL, r.farKL)
	if noise != nil {
		r.farNoise = r.Buffer(noise)
	}
	if c.OvershootingReward == 0 {
		return
	}
	rewards := r.Input("overshooting rewards", s.Rows(), 1)
	r.farReward = r.HalfSquaredError(r.predictReward(c, net.Reward, r.Columns(predictions, 0, s.Feature())), rewards)
	sum.add(c.OvershootingReward, r.farReward)
	if rewards != nil {
		r.farRewards = r.Buffer(rewards)
	}
}

// loss gathers the terms of a weighted sum.
type loss struct {
	weights []float64
	terms   []*graph.Node
}

func (l *loss) add(weight float64, term *graph.Node) {
	l.weights, l.terms = append(l.weights, weight), append(l.terms, term)
}

// What a step reports, in the device's memory.
const (
	reportNorm = iota
	reportImage
	reportReward
	reportKL
	reportGlobal
	reportFarKL
	reportFarReward
	reportTotal
	reportLength
)

// collect copies the losses of a Run into a report.
func (r *training) collect(dev device.Device, report device.Buffer) {
	for i, n := range []*graph.Node{
		reportImage: r.image, reportReward: r.reward, reportKL: r.kl, reportGlobal: r.global,
		reportFarKL: r.farKL, reportFarReward: r.farReward, reportTotal: r.total,
	} {
		if n != nil {
			dev.Copy(report.Slice(i, i+1), r.Buffer(n))
		}
	}
}

// losses reads a report.
func losses(report []float32) Losses {
	at := func(i int) float64 { return float64(report[i]) }
	return Losses{
		Total: at(reportTotal), Image: at(reportImage), Reward: at(reportReward), KL: at(reportKL), GradNorm: at(reportNorm),
		GlobalKL: at(reportGlobal), OvershootingKL: at(reportFarKL), OvershootingReward: at(reportFarReward),
	}
}
