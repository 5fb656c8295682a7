package engine

import "fmt"

// replaySentence says what is being played again, and whether it goes as recorded.
func replaySentence(s *State) Status {
	r := s.Data.Replay
	what := fmt.Sprintf("episode %d of %s", r.Number, r.Title)
	if r.Opening {
		return Status{Level: Busy, Text: "Setting the stage for " + what + "."}
	}
	if r.Over {
		level := Info
		if r.Deviates >= 0 {
			level = Warning
		}
		return Status{Level: level, Text: fmt.Sprintf("Played %s: %s. Esc brings back the scene.", what, r.said())}
	}
	text := fmt.Sprintf("Playing %s: step %d of %d", what, r.Row, r.Steps)
	if s.Paused {
		text = "Paused. " + text
	}
	if r.Deviates >= 0 {
		return Status{Level: Warning, Text: fmt.Sprintf("%s, not as recorded since step %d.", text, r.Deviates)}
	}
	return Status{Level: Info, Text: text + ". Esc brings back the scene."}
}

// dataSentence says what is done with data in the background.
func dataSentence(s *State) Status {
	if e := s.Data.Export; e != nil {
		return Status{Level: Busy, Text: fmt.Sprintf("Exporting episodes: %d of %d.", e.Done, e.Total)}
	}
	c := s.Data.Collect
	text := fmt.Sprintf("Collecting episodes of %s: %d of %d", c.Title, c.Done, c.Total)
	if c.Note != "" && c.Done > 0 {
		text += ", " + c.Note
	}
	return Status{Level: Busy, Text: text + "."}
}
