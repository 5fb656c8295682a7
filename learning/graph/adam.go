package graph

import (
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
)

// Adam is the optimiser of Kingma & Ba 2015 (arXiv:1412.6980) with the gradient
// clipped by its norm over all parameters, as LatCo and Dreamer use it.
type Adam struct {
	LearningRate float64
	Beta1, Beta2 float64
	Epsilon      float64
	ClipNorm     float64 // gradients longer than this are shortened to it
	Step         int     // steps done

	First, Second []device.Buffer // moments, one a parameter
}

// NonFiniteError says which quantity of a training step is not a number.
type NonFiniteError struct {
	Term  string
	Value float64
}

func (e *NonFiniteError) Error() string {
	return fmt.Sprintf("training step: %s is %g", e.Term, e.Value)
}

// Rate is the step size of the next step, its moments' bias corrected:
// lr·√(1−β₂ᵗ)/(1−β₁ᵗ), as Keras arranges it.
func (a *Adam) Rate() float64 {
	t := float64(a.Step + 1)
	// The betas as the kernels have them.
	b1, b2 := float64(float32(a.Beta1)), float64(float32(a.Beta2))
	return a.LearningRate * math.Sqrt(1-math.Pow(b2, t)) / (1 - math.Pow(b1, t))
}

// Update queues one step on params. rate and norm, the norm over all gradients, are
// numbers in the device's memory. Unless every number of guard is finite, the step
// changes nothing.
func (a *Adam) Update(dev device.Device, params, grads []device.Buffer, rate, norm, guard device.Buffer) {
	dev.ClippedAdam(device.AdamStep{
		Beta1: float32(a.Beta1), Beta2: float32(a.Beta2), Epsilon: float32(a.Epsilon), ClipNorm: float32(a.ClipNorm),
		Rate: rate, Norm: norm, Guard: guard,
	}, params, grads, a.First, a.Second)
}
