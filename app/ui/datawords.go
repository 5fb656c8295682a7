package ui

import (
	"fmt"
	"strings"

	"github.com/latco-studio/latco/app/engine"
)

// setWords sum a data set up.
func setWords(s engine.DataSet) string {
	if s.Episodes == 0 {
		return "no episodes yet"
	}
	words := []string{episodes(s.Episodes), fmt.Sprintf("%d %% solved", (100*s.Successes+s.Episodes/2)/s.Episodes),
		"mean return " + figure(s.Return), megabytes(s.Bytes)}
	return strings.Join(words, " · ")
}

// setTip says where a data set comes from.
func setTip(s *engine.OpenSet) string {
	lines := []string{dataLabel(s.DataSet), s.Dir, fmt.Sprintf("%s simulator steps, policy %s.", whole(s.Frames), s.Policy)}
	return strings.Join(lines, "\n")
}

func episodes(n int) string {
	if n == 1 {
		return "1 episode"
	}
	return whole(n) + " episodes"
}

func megabytes(b int64) string {
	if b < 1e6 {
		return fmt.Sprintf("%d kB", (b+500)/1000)
	}
	return figure(float64(b)/1e6) + " MB"
}

// useWords say that a set is read only just now.
func useWords(s engine.DataSet) string {
	switch {
	case s.InUse == "":
		return ""
	case s.Run != "":
		return "in training: read only"
	}
	return "in use: read only"
}

// cellTip explains an episode that is pointed at.
func cellTip(e engine.DataEpisode, t engine.Thumb) string {
	if t.Err != "" {
		return fmt.Sprintf("Episode %d cannot be read\n%s", e.Number, t.Err)
	}
	return fmt.Sprintf("Episode %d: %s\n%s policy, seed %d, %s, return %s.", e.Number, outcomeWords(e), e.Policy, e.Seed, steps(e.Steps), figure(e.Return))
}

// outcomeWords say how an episode ended.
func outcomeWords(e engine.DataEpisode) string {
	words := "not solved"
	if e.Success {
		words = "solved"
	}
	if e.Outcome != "" && e.Outcome != "success" {
		words += " (" + e.Outcome + ")"
	}
	return words
}

// replayWords say how well an episode is played again in the scene.
func replayWords(r *engine.ReplayView) string {
	switch {
	case r == nil:
		return ""
	case r.Opening:
		return "3D: setting the stage …"
	case r.Deviates == 0:
		return "3D: another start than recorded"
	case r.Deviates > 0:
		return fmt.Sprintf("3D: not as recorded since step %d", r.Deviates)
	case r.Unchecked:
		return "3D: rewards as recorded"
	case r.Difference == 0:
		return "3D: as recorded, to the last digit"
	}
	return fmt.Sprintf("3D: as recorded, within %s", figure(r.Difference))
}

// collectWords say how far a collection is.
func collectWords(c *engine.Collecting) string {
	switch {
	case c == nil:
		return ""
	case c.Running && c.Done == 0:
		return "starting …"
	case c.Running:
		return fmt.Sprintf("%s: %s of %s, %s", c.Title, whole(c.Done), whole(c.Total), c.Note)
	case c.Err != "":
		return c.Err
	}
	return fmt.Sprintf("%s: %s collected", c.Title, episodes(c.Done))
}
