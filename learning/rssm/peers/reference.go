package peers

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/rssm"
)

//go:embed reference.json
var referenceText []byte

// Reference has, for the presets that peers compute, what networks with made-up
// parameters give for made-up inputs (python/made_up.py): a number, or the norm of
// several and their product with a direction, by name. The losses and the norm of
// the gradient on a batch; a transition, the reward and their Jacobians; returns; a
// plan of LatCo after some iterations. The numbers are in float64.
func Reference() (map[string]map[string][]float64, error) {
	var presets map[string]map[string][]float64
	if err := json.Unmarshal(referenceText, &presets); err != nil {
		return nil, fmt.Errorf("the peers' reference: %w", err)
	}
	return presets, nil
}

// made are LatCo's settings in Reference.
var made = Collocate{Damping: 1e-3, DualRate: 0.1, Lambda0: 1, Nu0: 1, DynScale: 1, ActScale: 1, EpsDyn: 1e-4, EpsAct: 1e-4}

// Tolerance is by how much of its scale, the norm, float32 may differ from a number of
// Reference: steps of LatCo multiply what rounding does to the Jacobians.
func Tolerance(name string) float64 {
	switch name {
	case "planned_latents", "planned_actions":
		return 1e-3
	}
	return 1e-4
}

// DifferentError says that a program computes something else than ours.
type DifferentError struct {
	Preset, Name string
	Got, Want    []float64
}

func (e *DifferentError) Error() string {
	return fmt.Sprintf("preset %s: %s is %.7g, ours %.7g: it does not do the same work", e.Preset, e.Name, e.Got, e.Want)
}

// Compare returns a *DifferentError for a number that is not a preset's.
func Compare(preset string, got map[string][]float64) error {
	all, err := Reference()
	if err != nil {
		return err
	}
	want, ok := all[preset]
	if !ok {
		return fmt.Errorf("peers have no reference for preset %s", preset)
	}
	return equal(preset, got, want)
}

func equal(preset string, got, want map[string][]float64) error {
	for name, w := range want {
		g := got[name]
		if len(g) != len(w) {
			return &DifferentError{preset, name, g, w}
		}
		for i := range w {
			if !(math.Abs(g[i]-w[i]) <= Tolerance(name)*math.Abs(w[0])) {
				return &DifferentError{preset, name, g, w}
			}
		}
	}
	return nil
}

// compare checks what the program says of itself.
func (p *Peer) compare(params *rssm.Params) error {
	if got, want := p.About.Parameters, len(params.Values); got != want {
		return fmt.Errorf("it has %d parameters, ours %d", got, want)
	}
	return Compare(params.Config.Preset, p.About.Check)
}
