package learning

import "math"

// episodeImages sums the image errors of the passages of one episode.
type episodeImages struct {
	passages       int
	reconstruction float64
	square         float64   // of the model's errors, all steps together
	model, still   []float64 // of each step ahead
}

// add compares p with what is foreseen of it, (1+Steps)×64×64×3, and with a still
// of the last row seen.
func (i *episodeImages) add(p Passage, foreseen []uint8) {
	if i.model == nil {
		i.model, i.still = make([]float64, p.Steps), make([]float64, p.Steps)
	}
	e, last := p.Episode, p.Episode.Frame(p.Seen())
	i.passages++
	i.reconstruction += imageError(last, foreseen[:FramePixels])
	for k := range p.Steps {
		truth := e.Frame(p.Seen() + 1 + k)
		err := imageError(truth, foreseen[(k+1)*FramePixels:(k+2)*FramePixels])
		i.square += err * err
		i.model[k] += err
		i.still[k] += imageError(truth, last)
	}
}

// imageScores are the mean image errors of every episode.
type imageScores struct {
	reconstruction []float64   // episodes
	square         []float64   // episodes: mean square of the model's errors
	model, still   [][]float64 // of each step ahead: episodes
	truth          imageSpread
}

func (s *imageScores) add(e episodeImages) {
	if s.model == nil {
		s.model, s.still = make([][]float64, len(e.model)), make([][]float64, len(e.still))
	}
	n := float64(e.passages)
	s.reconstruction = append(s.reconstruction, e.reconstruction/n)
	s.square = append(s.square, e.square/n/float64(len(e.model)))
	for k := range e.model {
		s.model[k] = append(s.model[k], e.model[k]/n)
		s.still[k] = append(s.still[k], e.still[k]/n)
	}
}

func (s *imageScores) fill(q *Quality) {
	q.Reconstruction = estimate(s.reconstruction)
	episodes := len(s.reconstruction)
	model, still, gain := make([]float64, episodes), make([]float64, episodes), make([]float64, episodes)
	for k := range s.model {
		q.ImageError = append(q.ImageError, estimate(s.model[k]))
		q.Persistence = append(q.Persistence, estimate(s.still[k]))
		for i := range episodes {
			model[i] += s.model[k][i] / float64(len(s.model))
			still[i] += s.still[k][i] / float64(len(s.model))
		}
	}
	for i := range gain {
		gain[i] = still[i] - model[i]
	}
	q.MeanError, q.MeanPersistent, q.Gain = estimate(model), estimate(still), estimate(gain)
	q.EpisodeErrors = model
	if v := s.truth.variance(); v > 0 {
		e := estimate(s.square)
		q.ImageR2 = &Estimate{Mean: 1 - e.Mean/v, Stderr: e.Stderr / v}
	}
}

// imageSpread is what the variance of images about their mean image follows from.
type imageSpread struct {
	n      int
	sum    []uint64 // FramePixels
	square uint64
}

// add takes in the rows of p that are foreseen.
func (s *imageSpread) add(p Passage) {
	if s.sum == nil {
		s.sum = make([]uint64, FramePixels)
	}
	for t := p.Seen() + 1; t <= p.Seen()+p.Steps; t++ {
		for i, v := range p.Episode.Frame(t) {
			s.sum[i] += uint64(v)
			s.square += uint64(v) * uint64(v)
		}
		s.n++
	}
}

// variance is the mean square distance of a pixel in [0, 1] from its mean.
func (s *imageSpread) variance() float64 {
	if s.n == 0 {
		return 0
	}
	n, about := float64(s.n), 0.0
	for _, v := range s.sum {
		about += float64(v) * float64(v) / n
	}
	// Whole numbers of a byte each: rounding is far below what one level makes.
	return max(0, float64(s.square)-about) / (n * FramePixels * 255 * 255)
}

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(max(1, len(x)))
}

// estimate is the mean of independent values and its standard error.
func estimate(x []float64) Estimate {
	e, n := Estimate{Mean: mean(x)}, float64(len(x))
	if n < 2 {
		return e
	}
	square := 0.0
	for _, v := range x {
		square += (v - e.Mean) * (v - e.Mean)
	}
	e.Stderr = math.Sqrt(square / (n - 1) / n)
	return e
}
