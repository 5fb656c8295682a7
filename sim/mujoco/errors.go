package mujoco

import (
	"errors"
	"fmt"
	"strings"
)

// ErrClosed is returned by everything that is used after Close.
var ErrClosed = errors.New("mujoco: used after Close")

// VersionError says that the program was compiled for another MuJoCo than the
// one it found.
type VersionError struct{ Header, Library string }

func (e *VersionError) Error() string {
	return fmt.Sprintf("mujoco: built for MuJoCo %s but the library found is %s; rebuild, or point MUJOCO_DIR at the right release", e.Header, e.Library)
}

// MissingError says that the MuJoCo library could not be opened.
type MissingError struct {
	Version string // the release the program was built for
	Reason  string // of the system's loader
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("mujoco: cannot open the library of MuJoCo %s: %s; install it (Debian: apt-get install libmujoco%s) or rebuild with MUJOCO_DIR", e.Version, e.Reason, e.Version)
}

// LoadError is what the MJCF compiler objected to.
type LoadError struct {
	Model  string
	Reason string
}

func (e *LoadError) Error() string {
	return fmt.Sprintf("mujoco: load %s: %s", e.Model, strings.ReplaceAll(strings.TrimSpace(e.Reason), "\n", "; "))
}

// FatalError is an error after which MuJoCo itself would have ended the process,
// such as an exhausted stack. The Data is back in its initial state.
type FatalError struct {
	Op     string
	Reason string
}

func (e *FatalError) Error() string { return fmt.Sprintf("mujoco: %s: %s", e.Op, e.Reason) }

// Warning is a kind of trouble that MuJoCo counts instead of stopping.
type Warning int

const (
	SingularInertia Warning = iota
	TooManyContacts
	TooManyConstraints
	BadPosition
	BadVelocity
	BadAcceleration
	BadControl
	OtherWarning
)

var warnings = [...]string{
	"the inertia matrix is nearly singular",
	"too many contacts",
	"too many constraints",
	"a position is not a usable number",
	"a velocity is not a usable number",
	"an acceleration is not a usable number",
	"a control is not a usable number",
	"an unknown warning of the simulator",
}

func (w Warning) String() string { return warnings[w] }

// UnstableError says that a step could not be trusted: one of MuJoCo's warning
// counters moved. The Data is back in its initial state.
type UnstableError struct {
	Warning Warning
	Index   int // MuJoCo's detail: a degree of freedom, or a size
}

func (e *UnstableError) Error() string {
	return fmt.Sprintf("mujoco: simulation unstable: %v (at %d)", e.Warning, e.Index)
}

// NotFiniteError says which number is NaN or infinite. Found in an input,
// nothing has happened; found after a step, the Data is back in its initial state.
type NotFiniteError struct {
	Array string // qpos, qvel, act, ctrl, ...
	Index int
	Value float64
}

func (e *NotFiniteError) Error() string {
	return fmt.Sprintf("mujoco: %s[%d] = %v: want a finite number", e.Array, e.Index, e.Value)
}

// NameError says that a model has no object of that kind and name.
type NameError struct {
	Kind, Name string
	Known      []string
}

func (e *NameError) Error() string {
	return fmt.Sprintf("mujoco: no %s called %q; known: %s", e.Kind, e.Name, strings.Join(e.Known, ", "))
}

// BodyError says that a body cannot be pulled: there is none of that number, or
// it is the world itself.
type BodyError struct{ Body, Bodies int }

func (e *BodyError) Error() string {
	return fmt.Sprintf("mujoco: cannot pull body %d: want a body in [1, %d]", e.Body, e.Bodies-1)
}
