package engine

import (
	"fmt"
	"strings"
	"time"
)

// sentence says in plain words what is going on. dt is the simulated time of a
// control step in seconds.
func sentence(s *State, dt float64) Status {
	switch {
	case s.Opening != "":
		return openingStatus(s.Opening)
	case s.Data.Replay != nil:
		return replaySentence(s)
	case s.Watch.Policy != "":
		return watchingSentence(s)
	case s.Phase == Planning:
		return planningSentence(s)
	case s.Phase == Executing:
		return executingSentence(s, dt)
	case s.Phase == EpisodeOver:
		return overSentence(s)
	case s.Phase == PlanReady:
		return readySentence(s)
	case s.Train.Status == TrainCollecting || s.Train.Status == TrainRunning:
		return trainingSentence(s)
	case s.Data.Export != nil || s.Data.Collect != nil && s.Data.Collect.Running:
		return dataSentence(s)
	case s.Train.Status == TrainPaused:
		return Status{Level: Info, Text: fmt.Sprintf("Training is paused after %d updates.", s.Train.Updates)}
	case s.Paused && len(s.Task.Handles) > 0:
		return Status{Level: Info, Text: "Paused. Ctrl+drag puts things elsewhere: " + listed(s.Task.Handles) + "."}
	case s.Paused:
		return Status{Level: Info, Text: "Paused."}
	case s.Model.Name == "":
		return modellessSentence(s)
	case s.Plan != nil && s.Plan.Stale:
		return Status{Level: Info, Text: "The scene has moved on since the last plan: plan again or run."}
	}
	return Status{Level: Info, Text: "Ready: Plan looks ahead once, Run plans and acts to the end."}
}

func openingStatus(title string) Status {
	return Status{Level: Busy, Text: "Opening " + title + "."}
}

// modellessSentence says what can be done with a task that has no world model.
func modellessSentence(s *State) Status {
	if s.Task.ActionDim == 0 {
		return Status{Level: Info, Text: s.Task.Title + " has no actuators: watch it, pull it, look around."}
	}
	return Status{Level: Info, Text: fmt.Sprintf("No world model for %s yet: watch the %s policy, train a model, or load one.",
		s.Task.Title, s.Task.Policies[0])}
}

// watchingSentence says how the watched policy fares.
func watchingSentence(s *State) Status {
	text := fmt.Sprintf("Watching the %s policy: step %d of %d%s", s.Watch.Policy, s.Step, s.Task.EpisodeSteps, heldWords(s))
	if s.Phase == EpisodeOver {
		text = fmt.Sprintf("The %s policy ended its episode: %s", s.Watch.Policy, overWords(s))
	}
	switch n := counted(s.Watch.Episodes, "episode"); {
	case s.Watch.Episodes == 0:
	case s.Task.Goal:
		text += fmt.Sprintf(". Solved %d of %s", s.Watch.Solved, n)
	default:
		text += fmt.Sprintf(". Mean return %.3g of %s", s.Watch.Return, n)
	}
	if s.Paused {
		text = "Paused. " + text
	}
	return Status{Level: Info, Text: text + "."}
}

// heldWords say what a control step is where that is more than one step of the task.
func heldWords(s *State) string {
	if s.Task.ActionRepeat < 2 {
		return ""
	}
	return fmt.Sprintf(", each action held %d steps", s.Task.ActionRepeat)
}

// counted is a number of things: 1 episode, 2 episodes.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// listed joins names as a sentence does, the first few of many.
func listed(names []string) string {
	const most = 4
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " …"
	}
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " or " + names[n-1]
	}
	return names[0]
}

func plannerTitle(s *State, name string) string {
	for _, p := range s.Planners {
		if p.Name == name {
			return p.Title
		}
	}
	return name
}

func planningSentence(s *State) Status {
	p := s.Plan
	text := plannerTitle(s, p.Planner) + " is planning"
	if n := len(p.Iterations); n > 0 {
		it := p.Iterations[n-1]
		text += fmt.Sprintf(": iteration %d", it.K)
		if p.Total > 0 {
			text += fmt.Sprintf(" of %d", p.Total)
		}
		text += fmt.Sprintf(", predicted return %.3g", it.Return)
		if steps := jumps(it.DynViolation, p.Threshold); steps != "" {
			text += ", still jumps at " + steps
		}
	}
	return Status{Level: Busy, Text: text + "."}
}

func readySentence(s *State) Status {
	p := s.Plan
	if n := len(p.Iterations); n > 0 {
		if steps := jumps(p.Iterations[n-1].DynViolation, p.Threshold); steps != "" {
			return Status{Level: Warning, Text: "Plan still jumps at " + steps + ": the model cannot do that yet."}
		}
	}
	return Status{Level: Info, Text: fmt.Sprintf("Plan ready in %s: predicted return %.3g. Run executes it.",
		seconds(p.Elapsed), p.Predicted)}
}

// executingSentence says whether the planner keeps up with the scene.
func executingSentence(s *State, dt float64) Status {
	text := fmt.Sprintf("Executing step %d of %d%s", s.Step, s.Task.EpisodeSteps, heldWords(s))
	if s.Paused {
		return Status{Level: Info, Text: "Paused. " + text + "."}
	}
	p := s.Plan
	steps := min(replanOf(s), p.Horizon)
	lasts := time.Duration(float64(steps) * dt / s.Speed * float64(time.Second))
	if p.Elapsed <= lasts {
		return Status{Level: Info, Text: fmt.Sprintf("%s. Planner keeps up: %s per %d steps.", text, seconds(p.Elapsed), steps)}
	}
	return Status{Level: Warning, Text: fmt.Sprintf("%s. Planner is slower than the scene: %s for %d steps that last %s.",
		text, seconds(p.Elapsed), steps, seconds(lasts))}
}

// replanOf reads the schedule from the planner's form.
func replanOf(s *State) int {
	for _, f := range s.Planner.Fields {
		if v, ok := f.Value.(*int); ok && f.Key == "replan" {
			return *v
		}
	}
	return s.Task.Replan
}

func overSentence(s *State) Status {
	text := "Episode over"
	switch {
	case s.Success:
		text = "Goal reached"
	case s.Task.Goal:
		text += " without success"
	}
	if s.Outcome != "" && s.Outcome != "success" {
		text += " (" + s.Outcome + ")"
	}
	return Status{Level: Info, Text: fmt.Sprintf("%s: return %.3g in %d steps. R begins again, Shift+R elsewhere.", text, s.Return, s.Step)}
}

// overWords say shortly what an episode came to.
func overWords(s *State) string {
	text := fmt.Sprintf("return %.3g", s.Return)
	switch {
	case s.Success:
		text = "goal reached, " + text
	case s.Task.Goal:
		text = "no success, " + text
	}
	if s.Outcome != "" && s.Outcome != "success" {
		text = s.Outcome + ", " + text
	}
	return text
}

func trainingSentence(s *State) Status {
	t := s.Train
	of := ""
	if t.Task != s.Task.Name {
		of = " " + t.Title
	}
	if t.Status == TrainCollecting {
		return Status{Level: Busy, Text: fmt.Sprintf("Collecting%s episodes to train on: %d so far.", of, t.Episodes)}
	}
	text := "Training" + of + fmt.Sprintf(": %d of %d updates", t.Updates, t.Total)
	if t.Total == 0 { // until the frames are collected
		text = "Training" + of + fmt.Sprintf(": %d updates, %d of %d frames", t.Updates, t.Collected, t.TotalFrames)
	}
	if t.Rate > 0 {
		text += fmt.Sprintf(", %.3g a second", t.Rate)
	}
	if t.ETA > 0 {
		text += fmt.Sprintf(", %s left", t.ETA.Round(time.Second))
	}
	return Status{Level: Busy, Text: text + "."}
}

// clearJump is how far above its threshold a violation is called a jump; the
// dual update holds it just below the threshold, give or take.
const clearJump = 10

// jumps names the steps at which a plan violates the dynamics clearly, such as
// "steps 9 to 11 and 20"; "" if there are none or the planner has no threshold.
// Entry t of violation is about the move into step t+1.
func jumps(violation []float64, threshold float64) string {
	if threshold <= 0 {
		return ""
	}
	var runs []string
	many := 0
	for t := 0; t < len(violation); t++ {
		first := t
		for t < len(violation) && violation[t] > clearJump*threshold {
			t++
		}
		switch n := t - first; {
		case n == 1:
			runs = append(runs, fmt.Sprint(first+1))
		case n > 1:
			runs = append(runs, fmt.Sprintf("%d to %d", first+1, t))
		}
		many += t - first
	}
	switch {
	case many == 0:
		return ""
	case len(runs) > 3:
		return fmt.Sprintf("%d of %d steps", many, len(violation))
	case many == 1:
		return "step " + runs[0]
	case len(runs) == 1:
		return "steps " + runs[0]
	}
	return "steps " + strings.Join(runs[:len(runs)-1], ", ") + " and " + runs[len(runs)-1]
}

// seconds with three significant digits.
func seconds(d time.Duration) string { return fmt.Sprintf("%.3g s", d.Seconds()) }
