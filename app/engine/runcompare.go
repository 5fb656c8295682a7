package engine

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/latco-studio/latco/learning"
)

// RunComparison holds runs side by side.
type RunComparison struct {
	Runs []*learning.RunInfo `json:"runs"`
	// Differences are the settings in which they are not alike.
	Differences []RunDifference `json:"differences"`
	// Curves by name, as in TrainView; one slice for each run, empty if it has no such
	// curve.
	Curves map[string][][]Point `json:"curves"`
	// Lapses are how their predictions sharpened, nil of a run that kept none.
	Lapses []*TimeLapse `json:"-"`
}

// RunDifference is a setting with its value in each run, "" where it has none.
type RunDifference struct {
	Key    string   `json:"key"`
	Values []string `json:"values"`
}

// CompareRuns reads the metrics of runs in a folder, named in the order wanted. What
// is damaged in a run is its Problem, and what can be read of it is compared.
func CompareRuns(folder string, names []string) (*RunComparison, error) {
	c := &RunComparison{Differences: []RunDifference{}, Curves: map[string][][]Point{}}
	for i, name := range names {
		dir, err := runDir(folder, name)
		if err != nil {
			return nil, err
		}
		info, err := learning.ReadRunInfo(dir)
		if err != nil {
			return nil, err
		}
		metrics, _ := learning.ReadMetrics(dir) // info says what of them is damaged or missing
		lapse, err := lapseOf(dir)
		if err != nil { // the curves are there all the same
			info.Problem = strings.TrimPrefix(info.Problem+"\n"+err.Error(), "\n")
		}
		c.Runs, c.Lapses = append(c.Runs, info), append(c.Lapses, lapse)
		for curve, points := range curvesOf(metrics) {
			if c.Curves[curve] == nil {
				c.Curves[curve] = make([][]Point, len(names))
			}
			c.Curves[curve][i] = points
		}
	}
	c.differ()
	return c, nil
}

// lapseOf is the time-lapse of a run, nil if it has none.
func lapseOf(dir string) (*TimeLapse, error) {
	l, err := learning.LoadTimeLapse(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return newTimeLapse(l), nil
}

// differ finds the settings that are not alike.
func (c *RunComparison) differ() {
	texts := make([]map[string]string, len(c.Runs))
	keys := map[string]bool{}
	for i, r := range c.Runs {
		texts[i] = r.Texts()
		for key := range texts[i] {
			keys[key] = true
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		d := RunDifference{Key: key, Values: make([]string, len(texts))}
		for i := range texts {
			d.Values[i] = texts[i][key]
		}
		if len(slices.Compact(slices.Clone(d.Values))) > 1 {
			c.Differences = append(c.Differences, d)
		}
	}
}

// curvesOf are the curves of a run's metrics.
func curvesOf(metrics []learning.Metric) map[string][]Point {
	var book curveBook
	for _, m := range metrics {
		book.add(m)
	}
	return book.view()
}
