package sim

import (
	"fmt"
	"math"
)

// LengthError says that a vector has the wrong number of components.
type LengthError struct {
	What      string
	Got, Want int
}

func (e *LengthError) Error() string {
	return fmt.Sprintf("%s has %d numbers, want %d", e.What, e.Got, e.Want)
}

// NotFiniteError says that a component of a vector is NaN or infinite.
type NotFiniteError struct {
	What  string
	Index int
	Value float64
}

func (e *NotFiniteError) Error() string {
	return fmt.Sprintf("%s: component %d is %v, want a finite number", e.What, e.Index, e.Value)
}

// ClipAction writes action, clipped to [−1, 1], to dst. It returns a *LengthError
// or *NotFiniteError, and leaves dst alone, if action is no action for dst's length.
func ClipAction(dst, action []float64) error {
	if len(action) != len(dst) {
		return &LengthError{"action", len(action), len(dst)}
	}
	if err := CheckFinite("action", action); err != nil {
		return err
	}
	for i, a := range action {
		dst[i] = min(max(a, -1), 1)
	}
	return nil
}

// CheckFinite returns a *NotFiniteError for the first number of x that is NaN or
// infinite.
func CheckFinite(what string, x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &NotFiniteError{what, i, v}
		}
	}
	return nil
}

// StateError says which part of a State does not fit the instance, and why.
type StateError struct {
	Part string
	Err  error
}

func (e *StateError) Error() string { return fmt.Sprintf("state: %s: %v", e.Part, e.Err) }
func (e *StateError) Unwrap() error { return e.Err }
