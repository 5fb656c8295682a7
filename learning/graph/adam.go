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

// GradNorm is the norm over all gradients.
func GradNorm(dev device.Device, grads []device.Buffer) float64 {
	sum := 0.0
	for _, g := range grads {
		sum += dev.SumSquares(g)
	}
	return math.Sqrt(sum)
}

// Update does one step on params given the norm of the gradients. With a norm
// that is not finite it changes nothing and returns a *NonFiniteError.
func (a *Adam) Update(dev device.Device, params, grads []device.Buffer, norm float64) error {
	if math.IsNaN(norm) || math.IsInf(norm, 0) {
		return &NonFiniteError{Term: "gradient norm", Value: norm}
	}
	scale := 1.0
	if norm > a.ClipNorm {
		scale = a.ClipNorm / norm
	}
	a.Step++
	for i, p := range params {
		dev.Adam(p, grads[i], a.First[i], a.Second[i], float32(scale),
			float32(a.LearningRate), float32(a.Beta1), float32(a.Beta2), float32(a.Epsilon), a.Step)
	}
	return nil
}
