package learning

import (
	"cmp"
	"math"
	"slices"
)

const calibrationBins = 10

// RewardQuality says how good predicted rewards are. Standard errors are over
// episodes: jackknife for what is not a mean of them.
type RewardQuality struct {
	N int `json:"n"` // predictions
	// R2 is 1 − Σ(predicted − obtained)²/Σ(obtained − mean obtained)²: 1 is perfect,
	// 0 is as good as predicting the mean, less is worse. Null if rewards do not vary.
	R2        *Estimate `json:"r2"`
	RMSE      Estimate  `json:"rmse"`
	MeanError float64   `json:"rmse_of_mean"` // of predicting the mean obtained
	// Calibration is the mean distance between the mean predicted and the mean
	// obtained reward of a bin, weighted by the bins' sizes.
	Calibration float64          `json:"calibration_error"`
	Bins        []CalibrationBin `json:"bins"`
}

// CalibrationBin holds a tenth of the predictions, the bins being in order of what
// was predicted. A calibrated model's Obtained is its Predicted.
type CalibrationBin struct {
	N         int     `json:"n"`
	Predicted float64 `json:"predicted"` // mean
	Obtained  float64 `json:"obtained"`  // mean
	Stderr    float64 `json:"stderr"`    // of Obtained, episodes being independent and their rows not
}

type rewardPair struct {
	episode             int
	predicted, obtained float64
}

// rewardScores are predicted rewards beside those obtained.
type rewardScores []rewardPair

func (s *rewardScores) add(episode int, predicted, obtained float64) {
	*s = append(*s, rewardPair{episode, predicted, obtained})
}

// quality sums the pairs up.
func (s rewardScores) quality() RewardQuality {
	q := RewardQuality{N: len(s), Bins: []CalibrationBin{}}
	if len(s) == 0 {
		return q
	}
	var all rewardSums
	var episodes []rewardSums
	last := -1
	for _, p := range s {
		if p.episode != last {
			episodes, last = append(episodes, rewardSums{}), p.episode
		}
		all.add(p)
		episodes[len(episodes)-1].add(p)
	}
	q.RMSE = jackknife(all, episodes, rewardSums.rmse)
	q.MeanError = all.spread()
	if q.MeanError > 0 {
		r2 := jackknife(all, episodes, rewardSums.r2)
		q.R2 = &r2
	}
	for _, b := range s.bins() {
		q.Bins = append(q.Bins, b)
		q.Calibration += float64(b.N) / float64(q.N) * math.Abs(b.Predicted-b.Obtained)
	}
	return q
}

func (s rewardScores) bins() []CalibrationBin {
	sorted := slices.Clone(s)
	slices.SortStableFunc(sorted, func(a, b rewardPair) int { return cmp.Compare(a.predicted, b.predicted) })
	n := min(calibrationBins, len(sorted))
	bins := make([]CalibrationBin, n)
	for i := range bins {
		bins[i] = sorted[i*len(sorted)/n : (i+1)*len(sorted)/n].bin()
	}
	return bins
}

// bin is the bin of the pairs; its error is that of a mean of clusters.
func (s rewardScores) bin() CalibrationBin {
	b := CalibrationBin{N: len(s)}
	n := float64(len(s))
	for _, p := range s {
		b.Predicted += p.predicted / n
		b.Obtained += p.obtained / n
	}
	residuals := map[int]float64{}
	for _, p := range s {
		residuals[p.episode] += p.obtained - b.Obtained
	}
	if m := float64(len(residuals)); m > 1 {
		square := 0.0
		for _, e := range s { // in order of the pairs, not of the map: sums are repeatable
			square += residuals[e.episode] * residuals[e.episode]
			residuals[e.episode] = 0
		}
		b.Stderr = math.Sqrt(square*m/(m-1)) / n
	}
	return b
}

// rewardSums are what errors of a set of pairs follow from.
type rewardSums struct{ n, y, yy, ee float64 }

func (r *rewardSums) add(p rewardPair) {
	e := p.predicted - p.obtained
	r.n, r.y, r.yy, r.ee = r.n+1, r.y+p.obtained, r.yy+p.obtained*p.obtained, r.ee+e*e
}

func (r rewardSums) without(o rewardSums) rewardSums {
	return rewardSums{r.n - o.n, r.y - o.y, r.yy - o.yy, r.ee - o.ee}
}

func (r rewardSums) rmse() float64 { return math.Sqrt(max(0, r.ee) / r.n) }

// spread is the deviation of what was obtained; rounding is taken for none.
func (r rewardSums) spread() float64 {
	variance := r.yy/r.n - r.y*r.y/(r.n*r.n)
	if variance <= 1e-12*r.yy/r.n {
		return 0
	}
	return math.Sqrt(variance)
}

func (r rewardSums) r2() float64 {
	s := r.spread()
	return 1 - r.ee/(r.n*s*s)
}

// jackknife is f of all with the standard error of leaving out each episode in
// turn (Efron & Tibshirani 1993, eq. 11.5). Rests of which f is not finite are left
// out.
func jackknife(all rewardSums, episodes []rewardSums, f func(rewardSums) float64) Estimate {
	var rests []float64
	for _, e := range episodes {
		if v := f(all.without(e)); !math.IsNaN(v) && !math.IsInf(v, 0) {
			rests = append(rests, v)
		}
	}
	e, n := Estimate{Mean: f(all)}, float64(len(rests))
	if n < 2 {
		return e
	}
	centre, square := mean(rests), 0.0
	for _, v := range rests {
		square += (v - centre) * (v - centre)
	}
	e.Stderr = math.Sqrt(square * (n - 1) / n)
	return e
}
