package cli

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/device/cpu"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/device/openblas"
	"github.com/latco-studio/latco/sim/mujoco"
)

// runVersion prints what a bug report needs. A part that is missing is said to
// be missing; the command does not fail for it.
func runVersion(_ context.Context, c *call) error {
	fs := c.flags()
	asJSON := fs.Bool("json", false, "print one JSON document")
	if err := c.parse(fs); err != nil {
		return err
	}
	facts := c.known()
	if *asJSON {
		doc := map[string]string{}
		for _, f := range facts {
			doc[f.name] = f.text
		}
		return printJSON(c.out, doc)
	}
	return printFacts(c.out, facts)
}

// known is what a bug report needs.
func (c *call) known() []fact {
	return []fact{
		{"latco", fmt.Sprintf("%s (commit %s)", c.build.Version, c.build.Commit)},
		{"go", fmt.Sprintf("%s %s/%s, %d cores", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU())},
		{"mujoco", mujocoInfo()},
		{"gl", glInfo()},
		{"compute", computeInfo()},
		{"blas", blasInfo()},
		{"cuda", cudaInfo()},
	}
}

func printFacts(w io.Writer, facts []fact) error {
	tw := table(w)
	for _, f := range facts {
		fmt.Fprintf(tw, "%s\t%s\n", f.name, f.text)
	}
	return tw.Flush()
}

type fact struct{ name, text string }

func glInfo() string {
	r, err := engine.OpenRenderer()
	if err != nil {
		return "none: " + oneLine(err)
	}
	defer r.Close()
	if described, ok := r.(interface{ Info() string }); ok {
		return described.Info()
	}
	return "unknown"
}

func computeInfo() string {
	dev, err := cpu.New(0)
	if err != nil {
		return "none: " + oneLine(err)
	}
	defer dev.Close()
	return dev.Name()
}

// cudaInfo lists the NVIDIA cards and what multiplies there, or says why there is none.
func cudaInfo() string {
	cards, err := cuda.Devices(cuda.Options{})
	if err != nil {
		return "none: " + oneLine(err)
	}
	var names []string
	for _, c := range cards {
		names = append(names, c.String())
	}
	multiplies, err := cuda.Library(cards[0])
	if err != nil {
		multiplies = "own matrix kernels, slower: " + oneLine(err)
	}
	return strings.Join(append(names, multiplies), "; ")
}

// blasInfo is what planners' float64 linear algebra runs on.
func blasInfo() string {
	if err := openblas.Use(); err != nil {
		return "gonum (Go), two to three times slower: " + oneLine(err)
	}
	return "OpenBLAS"
}

func mujocoInfo() string {
	version, err := mujoco.Version()
	if err != nil {
		return "none: " + oneLine(err)
	}
	return version
}
