package ui

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/latco-studio/latco/app/engine"
)

// Which episodes of a set are shown.
const (
	showAll    = "all"
	showSolved = "solved"
	showFailed = "failed"
)

// dataOrders are the ways to sort episodes, the first at the beginning.
var dataOrders = []struct {
	name string
	less func(a, b engine.DataEpisode) int
}{
	{"oldest first", func(a, b engine.DataEpisode) int { return 0 }},
	{"newest first", func(a, b engine.DataEpisode) int { return cmp.Compare(b.Number, a.Number) }},
	{"best return", func(a, b engine.DataEpisode) int { return cmp.Compare(b.Return, a.Return) }},
	{"worst return", func(a, b engine.DataEpisode) int { return cmp.Compare(a.Return, b.Return) }},
	{"solved first", func(a, b engine.DataEpisode) int { return cmp.Compare(rank(a), rank(b)) }},
	{"longest", func(a, b engine.DataEpisode) int { return cmp.Compare(b.Steps, a.Steps) }},
}

// rank puts solved episodes first.
func rank(e engine.DataEpisode) int {
	if e.Success {
		return 0
	}
	return 1
}

func orderNames() []string {
	names := make([]string, len(dataOrders))
	for i, o := range dataOrders {
		names[i] = o.name
	}
	return names
}

// arranged are the episodes that pass a filter, in an order; equal ones stay in that
// of their collection.
func arranged(episodes []engine.DataEpisode, filter, order string) []engine.DataEpisode {
	var out []engine.DataEpisode
	for _, e := range episodes {
		if filter == showAll || e.Success == (filter == showSolved) {
			out = append(out, e)
		}
	}
	for _, o := range dataOrders {
		if o.name == order {
			slices.SortStableFunc(out, o.less)
		}
	}
	return out
}

// offered are the sets of a task, or all for "": those of the present task first, each
// with a label of its own.
func offered(sets []engine.DataSet, task, now string) (labels []string, dirs []string) {
	sorted := slices.Clone(sets)
	slices.SortStableFunc(sorted, func(a, b engine.DataSet) int {
		return cmp.Compare(ofTask(a, now), ofTask(b, now))
	})
	for _, s := range sorted {
		if task != "" && s.Title != task {
			continue
		}
		label := dataLabel(s)
		if slices.Contains(labels, label) {
			label = fmt.Sprintf("%s (%s)", label, s.Name)
		}
		for n := 2; slices.Contains(labels, label); n++ {
			label = fmt.Sprintf("%s (%d)", dataLabel(s), n)
		}
		labels, dirs = append(labels, label), append(dirs, s.Dir)
	}
	return labels, dirs
}

// ofTask puts the sets of a task first, and those that cannot be read last.
func ofTask(s engine.DataSet, now string) int {
	switch {
	case s.Problem != "":
		return 2
	case s.Task == now:
		return 0
	}
	return 1
}

// dataLabel names a set as people do: by task, and by policy or run.
func dataLabel(s engine.DataSet) string {
	switch {
	case s.Problem != "":
		return s.Name + ": cannot be read"
	case s.Run != "":
		return s.Title + ", run " + s.Name
	}
	return s.Title + ", " + s.Policy
}

// taskTitles are the tasks that there are sets of, each once.
func taskTitles(sets []engine.DataSet) []string {
	var titles []string
	for _, s := range sets {
		if s.Title != "" && !slices.Contains(titles, s.Title) {
			titles = append(titles, s.Title)
		}
	}
	slices.Sort(titles)
	return titles
}
