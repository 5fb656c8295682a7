package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// training is the graph of the loss for batches of one shape.
type training struct {
	*graph.Graph
	b, t int

	images, actions, rewards, noise device.Buffer // inputs, rows ordered by time, then sequence

	states, picture          *graph.Node // Rows×Packed, Rows×Pixels
	image, reward, kl, total *graph.Node
}

// newTraining builds the loss over b sequences of length t; flat holds the
// parameters.
//
//	total = wᵢ·½‖image error‖² + wᵣ·½(reward error)² + wₖ·max(KL, free nats)
//
// each a mean over the batch and time, the image error a sum over pixels.
func newTraining(dev device.Device, c *Config, actionDim, b, t int, flat device.Buffer) (*training, error) {
	g := graph.New(dev)
	r := &training{Graph: g, b: b, t: t}
	if err := r.build(c, actionDim, flat); err != nil {
		g.Close()
		return nil, fmt.Errorf("world model for %d sequences of %d steps: %w", b, t, err)
	}
	return r, nil
}

func (r *training) build(c *Config, actionDim int, flat device.Buffer) error {
	g, s := r.Graph, c.observe(r.b, r.t, actionDim)
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
	noise := g.Input("noise", rows, c.Stoch)

	embed := images
	for i, l := range net.Encoder {
		embed = g.Conv(c.encoder(rows)[i], device.ReLU, embed, l.W, l.B)
	}
	states := g.Observe(s, embed, actions, noise, net.Core)
	feature := g.Columns(states, 0, s.Feature())
	picture := g.Dense(device.Identity, feature, net.Decoder.W, net.Decoder.B)
	for i, l := range net.Deconv {
		picture = g.Deconv(c.decoder(rows)[i], deconvAct(i), picture, l.W, l.B)
	}
	reward := feature
	for i, l := range net.Reward {
		reward = g.Dense(rewardAct(i, len(net.Reward)), reward, l.W, l.B)
	}

	r.states, r.picture = states, picture
	r.image = g.HalfSquaredError(picture, images)
	r.reward = g.HalfSquaredError(reward, rewards)
	r.kl = g.MeanKL(s, states)
	r.total = g.WeightedSum([]float64{c.ImageScale, c.RewardScale, c.KLScale},
		r.image, r.reward, g.FreeNats(r.kl, c.FreeNats))
	if err := g.Compile(r.total, params); err != nil {
		return err
	}
	r.images, r.actions = g.Buffer(images), g.Buffer(actions)
	r.rewards, r.noise = g.Buffer(rewards), g.Buffer(noise)
	return nil
}

// losses reads the values of a Run.
func (r *training) losses() (Losses, error) {
	var l Losses
	for _, x := range []struct {
		node *graph.Node
		dst  *float64
	}{{r.image, &l.Image}, {r.reward, &l.Reward}, {r.kl, &l.KL}, {r.total, &l.Total}} {
		v, err := r.Scalar(x.node)
		if err != nil {
			return l, err
		}
		*x.dst = v
	}
	return l, nil
}
