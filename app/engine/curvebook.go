package engine

import (
	"maps"

	"github.com/latco-studio/latco/learning"
	"gonum.org/v1/gonum/stat/distuv"
)

// Point is one sample of a curve: a value and how far the run was then.
type Point struct {
	Updates int     `json:"updates"`
	Frames  int     `json:"frames"` // collected by then
	WallS   float64 `json:"wall_s"` // of training, over all sessions
	Y       float64 `json:"y"`
	// Low and High are the 95 % interval of Y where it is a mean, else Y.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// curveBook collects the curves of a run by name, each thinned to what a plot can
// show:
//
//	total, image, reward, kl, grad_norm       of every update
//	global_kl, overshooting_kl, …_reward      where they are not zero
//	return, success                           of collected episodes; success over the newest ten
//	evaluation, evaluation_success            of the episodes of each evaluation, with intervals
//
// The last four have the name of the task behind them, after a space, in a run that
// learns several. The zero value is ready for use. It belongs to one goroutine.
type curveBook struct {
	curves    map[string]*thinned[Point]
	collected map[string][]*learning.EpisodeMetric // the newest ten, by task
	evaluated map[string]*evaluated                // the newest evaluation, by task
}

// evaluated are the episodes of one evaluation so far.
type evaluated struct {
	updates  int
	episodes []*learning.EpisodeMetric
}

// recentEpisodes are what the success of collected episodes is averaged over.
const recentEpisodes = 10

// add takes over a line of metrics.
func (b *curveBook) add(m learning.Metric) {
	switch {
	case m.LossMetric != nil:
		b.losses(m)
	case m.EpisodeMetric == nil:
	case m.Kind == "evaluation":
		b.evaluation(m)
	default:
		b.episode(m)
	}
}

func (b *curveBook) episode(m learning.Metric) {
	if b.collected == nil {
		b.collected = map[string][]*learning.EpisodeMetric{}
	}
	newest := append(b.collected[m.Task], m.EpisodeMetric)
	if n := len(newest); n > recentEpisodes {
		newest = newest[n-recentEpisodes:]
	}
	b.collected[m.Task] = newest
	b.put(of("return", m), m, m.Return, m.Return, m.Return, false)
	b.success(of("success", m), m, newest, false)
}

// of is the name of a curve of the task of an episode.
func of(name string, m learning.Metric) string {
	if m.Task == "" {
		return name
	}
	return name + " " + m.Task
}

func (b *curveBook) losses(m learning.Metric) {
	l := m.LossMetric
	for _, c := range [...]struct {
		name   string
		y      float64
		always bool
	}{
		{"total", l.Total, true}, {"image", l.Image, true}, {"reward", l.Reward, true}, {"kl", l.KL, true}, {"grad_norm", l.GradNorm, true},
		{"global_kl", l.GlobalKL, false}, {"overshooting_kl", l.OvershootingKL, false}, {"overshooting_reward", l.OvershootingReward, false},
	} {
		if c.always || c.y != 0 || b.curves[c.name] != nil {
			b.put(c.name, m, c.y, c.y, c.y, false)
		}
	}
}

// evaluation makes one point of all episodes of an evaluation, which grows with
// each of them.
func (b *curveBook) evaluation(m learning.Metric) {
	e := b.evaluated[m.Task]
	grows := e != nil && e.updates == m.Updates
	if !grows {
		if b.evaluated == nil {
			b.evaluated = map[string]*evaluated{}
		}
		e = &evaluated{updates: m.Updates}
		b.evaluated[m.Task] = e
	}
	e.episodes = append(e.episodes, m.EpisodeMetric)
	returns := make([]float64, len(e.episodes))
	for i, episode := range e.episodes {
		returns[i] = episode.Return
	}
	mean, half := meanInterval(returns)
	b.put(of("evaluation", m), m, mean, mean-half, mean+half, grows)
	b.success(of("evaluation_success", m), m, e.episodes, grows)
}

func (b *curveBook) success(name string, m learning.Metric, episodes []*learning.EpisodeMetric, replace bool) {
	wins := 0
	for _, e := range episodes {
		if e.Success {
			wins++
		}
	}
	interval := wilson(wins, len(episodes))
	b.put(name, m, float64(wins)/float64(len(episodes)), interval[0], interval[1], replace)
}

func (b *curveBook) put(name string, m learning.Metric, y, low, high float64, replace bool) {
	c := b.curves[name]
	if c == nil {
		if b.curves == nil {
			b.curves = map[string]*thinned[Point]{}
		}
		c = &thinned[Point]{}
		b.curves[name] = c
	}
	p := Point{m.Updates, m.Frames, m.WallS, y, low, high}
	if replace {
		c.amend(p)
	} else {
		c.add(p)
	}
}

// view is a copy that later additions leave alone.
func (b *curveBook) view() map[string][]Point {
	v := make(map[string][]Point, len(b.curves))
	for name := range maps.Keys(b.curves) {
		v[name] = b.curves[name].view()
	}
	return v
}

// meanInterval is the mean of x and half its 95 % interval by Student's t, which is
// 0 for a single value.
func meanInterval(x []float64) (mean, half float64) {
	mean, stderr := meanStderr(x)
	if len(x) < 2 {
		return mean, 0
	}
	t := distuv.StudentsT{Sigma: 1, Nu: float64(len(x) - 1)}
	return mean, stderr * t.Quantile(0.975)
}
