package learning

import (
	"github.com/latco-studio/latco/learning/rssm"
)

const paramsBlob = "params"

// paramsHeader is what of parameters goes into a file's JSON.
type paramsHeader struct {
	Updates int             `json:"updates"`
	Rewards rssm.Normalizer `json:"rewards,omitzero"`
}

// stateHeader is what of a trainer's state goes into a checkpoint's JSON; the
// long runs of numbers are blobs.
type stateHeader struct {
	Params paramsHeader `json:"params"`
	Step   int          `json:"step"`  // of Adam
	Noise  []byte       `json:"noise"` // the noise generator
}

// blobs is a file that parameters are rebuilt from.
type blobs interface {
	blob(name string) ([]float32, error)
}

func splitParams(p *rssm.Params) (paramsHeader, []float32) {
	return paramsHeader{p.Updates, p.Rewards}, p.Values
}

// joinParams checks a file's numbers against what the configuration asks for.
func joinParams(cfg rssm.Config, actionDim int, h paramsHeader, from blobs) (*rssm.Params, error) {
	values, err := from.blob(paramsBlob)
	if err != nil {
		return nil, err
	}
	p := &rssm.Params{Config: cfg, ActionDim: actionDim, Updates: h.Updates, Rewards: h.Rewards, Values: values}
	if err := p.Validate(); err != nil {
		return nil, flaw(ErrCorrupt, "%v", err)
	}
	return p, nil
}

func splitState(s rssm.TrainerState) (stateHeader, []blob) {
	params, values := splitParams(s.Params)
	return stateHeader{params, s.Step, s.Noise}, []blob{
		{Name: paramsBlob, Values: values},
		{Name: "adam_m", Values: s.First},
		{Name: "adam_v", Values: s.Second},
	}
}

func joinState(cfg rssm.Config, actionDim int, h stateHeader, from blobs) (s rssm.TrainerState, err error) {
	s.Step, s.Noise = h.Step, h.Noise
	if s.Params, err = joinParams(cfg, actionDim, h.Params, from); err != nil {
		return s, err
	}
	for _, part := range []struct {
		name string
		dst  *[]float32
	}{{"adam_m", &s.First}, {"adam_v", &s.Second}} {
		if *part.dst, err = from.blob(part.name); err != nil {
			return s, err
		}
		if n := len(s.Params.Values); len(*part.dst) != n {
			return s, flaw(ErrCorrupt, "%s has %d numbers for %d parameters", part.name, len(*part.dst), n)
		}
	}
	return s, nil
}
