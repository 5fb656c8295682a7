package rssm

import "fmt"

// Batch is B sequences of T steps. At index t lies what is known at time t: the
// image, the reward, and the action that led there (zero at the start of an
// episode).
type Batch struct {
	B, T    int
	Pixels  []uint8   // B×T×64×64×3
	Actions []float32 // B×T×A
	Rewards []float32 // B×T
}

// PadActions gives every action (n of from numbers) zeros behind it up to width
// to, for a model of several tasks.
func PadActions(actions []float32, from, to int) []float32 {
	if from == to {
		return actions
	}
	padded := make([]float32, len(actions)/from*to)
	for i := range len(actions) / from {
		copy(padded[i*to:], actions[i*from:(i+1)*from])
	}
	return padded
}

// BatchError says which part of a Batch has the wrong size.
type BatchError struct {
	Part      string
	Got, Want int
}

func (e *BatchError) Error() string {
	return fmt.Sprintf("batch: %d %s, want %d", e.Got, e.Part, e.Want)
}

func (b *Batch) check(actionDim int) error {
	if b.B < 1 {
		return &BatchError{"sequences", b.B, 1}
	}
	if b.T < 1 {
		return &BatchError{"time steps", b.T, 1}
	}
	n := b.B * b.T
	for _, p := range []struct {
		part      string
		got, want int
	}{
		{"pixel values", len(b.Pixels), n * Pixels},
		{"action values", len(b.Actions), n * actionDim},
		{"rewards", len(b.Rewards), n},
	} {
		if p.got != p.want {
			return &BatchError{p.part, p.got, p.want}
		}
	}
	return nil
}

// Losses are the terms of one gradient step, each a mean over batch and time.
type Losses struct {
	Total    float64 // weighted sum, the KL term not below the free nats
	Image    float64 // ½·squared error summed over pixels
	Reward   float64 // ½·squared error
	KL       float64 // nats, before the free nats
	GradNorm float64 // before clipping

	GlobalKL           float64 // nats; 0 where it has no weight
	OvershootingKL     float64 // nats beyond the free ones; 0 without overshooting
	OvershootingReward float64 // ½·squared error; 0 without overshooting
}
