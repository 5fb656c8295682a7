package learning

import "testing"

// From the first action to the last: how many of each, and where it ends.
func TestScheduleEnds(t *testing.T) {
	e := countingEpisode(t, 0, 10, 1) // 20 frames
	for name, c := range map[string]struct {
		set                Settings
		updates, collected int
	}{
		"offline":            {Settings{Updates: 7}, 7, 0},
		"frames alone":       {Settings{Frames: 100, SeedEpisodes: 2, PretrainUpdates: 3, UpdatesPerEpisode: 4}, 3 + 3*4, 5},
		"both":               {Settings{Updates: 30, Frames: 100, SeedEpisodes: 2, PretrainUpdates: 3, UpdatesPerEpisode: 4}, 30, 5},
		"updates end first":  {Settings{Updates: 5, Frames: 100, SeedEpisodes: 2, PretrainUpdates: 3, UpdatesPerEpisode: 4}, 5, 3},
		"seeds only":         {Settings{Updates: 9, Frames: 30, SeedEpisodes: 5, PretrainUpdates: 3, UpdatesPerEpisode: 4}, 9, 2},
		"no seeds, set data": {Settings{Updates: 9, Frames: 40, PretrainUpdates: 3, UpdatesPerEpisode: 4}, 9, 2},
	} {
		var at Counters
		for n := 0; ; n++ {
			if n > 1000 {
				t.Fatalf("%s: no end", name)
			}
			what := schedule{c.set, 1}.next(at)
			if what == finish {
				break
			}
			if what == update {
				at = at.updated()
				continue
			}
			if random := at.Episodes < c.set.SeedEpisodes; random != (what == collectRandom) {
				t.Errorf("%s: episode %d by action %d", name, at.Episodes, what)
			}
			at = at.collected(e)
		}
		if at.Updates != c.updates || at.Episodes != c.collected {
			t.Errorf("%s: %d updates and %d episodes, want %d and %d", name, at.Updates, at.Episodes, c.updates, c.collected)
		}
	}
}

func TestSettingsDefaults(t *testing.T) {
	s := DefaultSettings()
	if err := s.Validate(); err != nil {
		t.Error(err)
	}
	if again := s.resolved(false); again != s {
		t.Errorf("defaults have defaults: %+v", again)
	}
	if got := (Settings{}).resolved(true); got.SeedEpisodes != 0 || got.LogEvery != 10 {
		t.Errorf("beside a data set: %+v", got)
	}
	keys := map[string]bool{}
	for _, f := range s.Fields() {
		keys[f.Key] = true
	}
	for _, k := range housekeeping {
		if !keys[k] {
			t.Errorf("%s is no setting", k)
		}
	}
}
