package learning

// Obtains are what a run's episodes came to. What there is none of is nil.
type Obtains struct {
	Collected  *Obtained `json:"collected"`  // by the newest ten episodes
	Evaluation *Obtained `json:"evaluation"` // by the newest evaluation
	Best       *Obtained `json:"best"`       // by the evaluation of the highest mean return
}

// TaskObtains are those of one of several tasks.
type TaskObtains struct {
	Task string `json:"task"`
	Obtains
}

// Obtained sums up episodes.
type Obtained struct {
	Updates     int     `json:"updates"` // after which the last of them was played
	Episodes    int     `json:"episodes"`
	ReturnMean  float64 `json:"return_mean"` // of the reward that is learned
	SuccessRate float64 `json:"success_rate"`
}

// recentEpisodes are summed up as what a run obtains now.
const recentEpisodes = 10

// take sums up the metrics.
func (r *RunInfo) take(metrics []Metric) {
	episodes := map[string][]Metric{} // by task
	for _, m := range metrics {
		if m.Kind == "update" && m.LossMetric != nil {
			r.Losses = m.LossMetric
		}
		if m.EpisodeMetric != nil {
			episodes[m.Task] = append(episodes[m.Task], m)
		}
	}
	r.Obtains = obtains(metrics)
	for _, t := range r.Tasks {
		r.ByTask = append(r.ByTask, TaskObtains{t.Name, obtains(episodes[t.Name])})
	}
}

// obtains sums up the episodes among metrics.
func obtains(metrics []Metric) Obtains {
	var o Obtains
	var collected, evaluated []Metric
	for _, m := range metrics {
		switch {
		case m.EpisodeMetric == nil:
		case m.Kind == "episode":
			collected = append(collected, m)
		case m.Kind == "evaluation":
			if len(evaluated) > 0 && evaluated[0].Updates != m.Updates {
				o.evaluated(evaluated)
				evaluated = nil
			}
			evaluated = append(evaluated, m)
		}
	}
	o.evaluated(evaluated)
	o.Collected = obtainedBy(collected[max(0, len(collected)-recentEpisodes):])
	return o
}

// evaluated takes over the episodes of an evaluation newer than those before.
func (o *Obtains) evaluated(episodes []Metric) {
	e := obtainedBy(episodes)
	if e == nil {
		return
	}
	o.Evaluation = e
	if o.Best == nil || e.ReturnMean > o.Best.ReturnMean {
		o.Best = e
	}
}

func obtainedBy(episodes []Metric) *Obtained {
	if len(episodes) == 0 {
		return nil
	}
	o := &Obtained{Episodes: len(episodes), Updates: episodes[len(episodes)-1].Updates}
	for _, e := range episodes {
		o.ReturnMean += e.Return / float64(len(episodes))
		if e.Success {
			o.SuccessRate += 1 / float64(len(episodes))
		}
	}
	return o
}
