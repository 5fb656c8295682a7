package graph

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

func TestLayerNormGradient(t *testing.T) {
	for name, act := range map[string]device.Activation{
		"identity": device.Identity, "elu": device.ELU, "sigmoid": device.Sigmoid, "tanh": device.Tanh,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.check(f.distance(f.g.LayerNorm(act, 0.1, f.param(3, 5), f.param(5), f.param(5))))
		})
	}
}

// The gradient passes through layers on either side, in the order of ALM's rewards
// and values (Ghugare et al. 2023, arXiv:2209.08466).
func TestLayerNormBetweenLayers(t *testing.T) {
	f := newFixture(t)
	x := f.g.Dense(device.Identity, f.input(4, 3), f.param(3, 6), f.param(6))
	x = f.g.LayerNorm(device.Tanh, 0.01, x, f.param(6), f.param(6))
	x = f.g.Dense(device.ELU, x, f.param(6, 5), f.param(5))
	f.check(f.distance(f.g.Dense(device.Identity, x, f.param(5, 1), f.param(1))))
}

func TestLayerNormOfInputGetsNoGradient(t *testing.T) {
	f := newFixture(t)
	f.check(f.distance(f.g.LayerNorm(device.Tanh, 0.1, f.input(3, 5), f.param(5), f.param(5))))
}
