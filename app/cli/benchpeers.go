package cli

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"strings"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/learning/rssm/peers"
	"github.com/latco-studio/latco/planning"
)

// party is the programs that are measured beside ours; the zero value is none.
type party struct {
	programs []peers.Program
	place    peers.Place
	warn     func(line string)
	ctx      context.Context
}

// findPeers looks which programs the interpreter can run, where w computes. Those it
// cannot are told; none at all is an error. No interpreter, no party.
func findPeers(ctx context.Context, w workplace, python string, warn func(line string)) (*party, error) {
	p := &party{warn: warn, ctx: ctx, place: peers.Place{Python: python, Device: "cpu", Threads: runtime.NumCPU()}}
	if python == "" {
		return p, nil
	}
	if w.onGPU() {
		p.place.Device, p.place.TF32 = "cuda", w == engine.DeviceTF32
	}
	var lacking []string
	told := map[string]bool{}
	for _, program := range peers.Programs() {
		err := program.Find(ctx, python)
		var missing *peers.MissingError
		switch {
		case err == nil:
			p.programs = append(p.programs, program)
		case !errors.As(err, &missing):
			return nil, fmt.Errorf("-peers: %w", err)
		case !told[program.Module]:
			told[program.Module] = true
			lacking = append(lacking, missing.Error())
		}
	}
	if len(p.programs) == 0 {
		return nil, fmt.Errorf("-peers: %s", strings.Join(lacking, "; "))
	}
	for _, text := range lacking {
		warn("latco: bench: " + text)
	}
	return p, nil
}

// of returns what opens the programs that match for the work of m. Those that cannot
// do it are told and left out.
func (p *party) of(m measurement, match *regexp.Regexp, say func(doing string)) func() []*contender {
	return func() []*contender {
		var all []*contender
		if m.same == nil {
			return nil
		}
		for _, program := range p.programs {
			name := peerName(m, program)
			if !match.MatchString(name) {
				continue
			}
			say(", opening " + program.Title)
			failed := func(err error) { p.warn(fmt.Sprintf("latco: bench: %s left out: %s", name, oneLine(err))) }
			peer, err := p.open(program, m)
			switch {
			case err != nil && p.ctx.Err() != nil:
				return all // the turns will say so
			case err != nil:
				failed(err)
				continue
			}
			all = append(all, &contender{name: name, operations: operationsOf(m), run: peer.Run, close: peer.Close, failed: failed,
				note: fmt.Sprintf("%s %s, %s", program.Title, peer.About.Version, peer.About.Device)})
		}
		return all
	}
}

func (p *party) open(program peers.Program, m measurement) (*peers.Peer, error) {
	cfg, err := rssm.Preset(m.preset)
	if err != nil {
		return nil, err
	}
	params, err := rssm.NewParams(cfg, planActions, 1)
	if err != nil {
		return nil, err
	}
	return program.Open(p.ctx, p.place, params, *m.same)
}

// sameAs has the programs measured that know the networks of preset.
func (m *measurement) sameAs(preset string, w peers.Work) {
	cfg, err := rssm.Preset(preset)
	if err == nil && peers.Supported(&cfg) == nil {
		m.same, m.preset = &w, preset
	}
}

// collocate has LatCo's settings by default, with which it is measured.
func collocate() peers.Collocate {
	l := planning.NewLatCo()
	return peers.Collocate{Damping: l.Damping, DualRate: l.DualRate, Lambda0: l.Lambda0, Nu0: l.Nu0,
		DynScale: l.DynScale, ActScale: l.ActScale, EpsDyn: l.DynTolerance, EpsAct: l.ActTolerance}
}

// operationsOf is what a peer's run computes: as much as ours, but that automatic
// differentiation takes more for LatCo's Jacobians, which nobody counts.
func operationsOf(m measurement) float64 {
	if m.same.Kind == peers.LatCo {
		return 0
	}
	return m.operations
}

func peerName(m measurement, p peers.Program) string { return m.name + "/" + p.Name }

// compareWith notes how long a peer takes beside ours.
func (r *result) compareWith(ours result) {
	r.Ratio = r.MedianMS / ours.MedianMS
	r.Note += fmt.Sprintf("; %.2f × ours", r.Ratio)
}
