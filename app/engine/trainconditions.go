package engine

import (
	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/resources/setting"
)

// plays says whether a run plays episodes of its own.
func plays(s learning.Settings) bool { return s.Frames > 0 || s.Evaluates() }

// complete sets what was not given otherwise.
func (s *setup) complete(given, rest map[string]string) error {
	fields := s.Fields()
	for key, text := range rest {
		if _, ok := given[key]; ok {
			continue
		}
		if err := setting.Set(fields, key, text); err != nil {
			return err
		}
	}
	return s.check()
}
