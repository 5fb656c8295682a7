// Package peers runs the work of the world model in other people's frameworks, so
// that it can be measured beside ours: a gradient step, planning by CEM and by LatCo
// in PyTorch and in JAX, written as one would write it there. A peer is a process of
// Python of its own; nothing else in the program needs Python.
//
// Before it is measured a peer computes what Reference has from made-up numbers, and
// takes parameters by name and shape: one that computes something else is an error.
package peers

import (
	"embed"
	"fmt"

	"github.com/latco-studio/latco/learning/rssm"
)

//go:embed python/*.py python/*/*.py
var sources embed.FS

// Program is a peer that can be measured.
type Program struct {
	Name    string // such as "pytorch"
	Title   string // such as "PyTorch"
	Module  string // of Python, that it imports
	Pip     string // packages that bring it
	folder  string // of its sources
	variant string
}

// Programs lists the peers.
func Programs() []Program {
	return []Program{
		{Name: "pytorch", Title: "PyTorch", Module: "torch", Pip: "torch numpy", folder: "with_pytorch", variant: "eager"},
		{Name: "pytorch-compiled", Title: "PyTorch, torch.compile", Module: "torch", Pip: "torch numpy", folder: "with_pytorch", variant: "compiled"},
		{Name: "jax", Title: "JAX", Module: "jax", Pip: "jax", folder: "with_jax", variant: "jit"},
	}
}

// Place is where and how a peer computes.
type Place struct {
	Python  string // the interpreter, such as "python3"
	Device  string // "cpu" or "cuda"
	TF32    bool   // products of numbers with 10 bits of mantissa; of no effect on a CPU
	Threads int    // on a CPU
}

// The kinds of Work.
const (
	Step  = "step"  // a gradient step on Batch sequences of Length images
	CEM   = "cem"   // a plan: Samples, Elites, Iterations, Horizon
	LatCo = "latco" // a plan: Plans, Iterations, Horizon
)

// Work is what a run does.
type Work struct {
	Kind       string    `json:"kind"`
	Batch      int       `json:"batch"`
	Length     int       `json:"length"`
	Samples    int       `json:"samples"`
	Elites     int       `json:"elites"`
	Plans      int       `json:"plans"`
	Iterations int       `json:"iterations"`
	Horizon    int       `json:"horizon"`
	Actions    int       `json:"actions"` // numbers of an action
	LatCo      Collocate `json:"latco"`
}

// Collocate has the settings of LatCo that enter its steps, under their keys in
// package planning.
type Collocate struct {
	Damping  float64 `json:"damping"`
	DualRate float64 `json:"dual_rate"`
	Lambda0  float64 `json:"lambda0"`
	Nu0      float64 `json:"nu0"`
	DynScale float64 `json:"s_dyn"`
	ActScale float64 `json:"s_act"`
	EpsDyn   float64 `json:"eps_dyn"`
	EpsAct   float64 `json:"eps_act"`
}

// UnsupportedError says that peers do not have a kind of network.
type UnsupportedError struct{ Preset, Key, Value string }

func (e *UnsupportedError) Error() string {
	return fmt.Sprintf("preset %s has %s=%s, which no peer program computes", e.Preset, e.Key, e.Value)
}

// Supported returns an *UnsupportedError unless the programs have all of c.
func Supported(c *rssm.Config) error {
	for _, x := range []struct{ key, got, want string }{
		{"dynamics", c.Dynamics, rssm.RSSM},
		{"cell", c.Cell, rssm.ResetAfter},
		{"activation", c.Activation, rssm.ELU},
		{"free_nats_of", c.FreeNatsOf, rssm.FreeOnAverage},
		{"image_bits", fmt.Sprint(c.ImageBits), "8"},
		{"global_kl", fmt.Sprint(c.GlobalKL), "0"},
		{"overshooting", fmt.Sprint(c.Overshooting), "0"},
		{"normalize_reward", fmt.Sprint(c.NormalizeReward), "false"},
	} {
		if x.got != x.want {
			return &UnsupportedError{c.Preset, x.key, x.got}
		}
	}
	return nil
}
