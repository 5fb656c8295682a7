package learning

// action is what a run does next.
type action uint8

const (
	finish action = iota
	collectRandom
	collectPlanned
	evaluate
	update
)

// Counters say how far a run is. What it does next is a function of them.
type Counters struct {
	Updates      int     `json:"updates"`       // gradient steps done
	Frames       int     `json:"frames"`        // simulator steps collected by the run
	Episodes     int     `json:"episodes"`      // episodes collected by the run
	SinceCollect int     `json:"since_collect"` // updates since the last episode
	WallS        float64 `json:"wall_s"`        // seconds of training, over all sessions

	Evaluations    int `json:"evaluations,omitempty"`     // evaluation episodes played
	EvaluationsDue int `json:"evaluations_due,omitempty"` // of the present evaluation, those to come
}

// schedule is what a run of so many tasks does when.
type schedule struct {
	Settings
	tasks int
}

func (r Run) schedule() schedule { return schedule{r.Settings, len(r.Learns())} }

// next is PlaNet's Algorithm 1 (Hafner et al. 2019) as a function of how far
// the run is: S seed episodes of each task with random actions, some updates on
// them, then for ever C updates and one episode, of each task in turn, until both
// totals are reached. Frames 0 is offline training: updates only. An evaluation
// that is due comes first.
func (s schedule) next(c Counters) action {
	online := s.Frames > 0
	switch {
	case c.EvaluationsDue > 0:
		return evaluate
	case s.Updates > 0 && c.Updates >= s.Updates:
		return finish
	case online && c.Episodes < s.seeds() && c.Frames < s.Frames:
		return collectRandom
	case online && c.Frames < s.Frames && c.SinceCollect >= s.block(c):
		return collectPlanned
	case s.Updates == 0 && c.Frames >= s.Frames && c.SinceCollect >= s.block(c):
		return finish
	}
	return update
}

// block is the number of updates between the newest episode and the next.
func (s schedule) block(c Counters) int {
	if c.Episodes <= s.seeds() {
		return s.PretrainUpdates
	}
	return s.UpdatesPerEpisode
}

// seeds is the number of seed episodes in all.
func (s schedule) seeds() int { return s.SeedEpisodes * s.tasks }

// task is whose turn it is at episode n, and which of its episodes that is.
func (s schedule) task(n int) (task, its int) { return n % s.tasks, n / s.tasks }

// collectedOf is how many of the first n episodes are of a task.
func (s schedule) collectedOf(task, n int) int { return (n + s.tasks - 1 - task) / s.tasks }

// evaluation is the present episode of the evaluation that is due: of each task in
// turn.
func (s schedule) evaluation(c Counters) (task, its int) {
	return s.task(max(0, s.EvalEpisodes*s.tasks-c.EvaluationsDue))
}

func (c Counters) updated() Counters {
	c.Updates++
	c.SinceCollect++
	return c
}

func (c Counters) collected(e *Episode) Counters {
	c.Episodes++
	c.Frames += e.Frames()
	c.SinceCollect = 0
	return c
}

func (c Counters) evaluated() Counters {
	c.Evaluations++
	c.EvaluationsDue--
	return c
}

// due notes in now the evaluation that the way there from before makes due. Before
// the first update there is nothing to evaluate.
func (s schedule) due(before, now Counters) Counters {
	passed := func(every, from, to int) bool { return every > 0 && from/every < to/every }
	if now.Updates > 0 && (passed(s.EvalFrames, before.Frames, now.Frames) || passed(s.EvalUpdates, before.Updates, now.Updates)) {
		now.EvaluationsDue = s.EvalEpisodes * s.tasks
	}
	return now
}

// Evaluates says whether a run is ever evaluated.
func (s Settings) Evaluates() bool {
	return s.EvalEpisodes > 0 && (s.EvalUpdates > 0 || s.EvalFrames > 0 && s.Frames > 0)
}
