package learning

import (
	"fmt"
	"math/rand"
)

// Subject is a model whose quality is measured. Chance comes from rng alone.
type Subject interface {
	// Foresee sees the first rows of a passage, its context, and rolls on through
	// the actions that were taken.
	Foresee(p Passage, rng *rand.Rand) (Foresight, error)
	// Follow sees a whole episode, row by row.
	Follow(e *Episode, rng *rand.Rand) (Followed, error)
}

// Passage is Context + Steps rows of an episode, from row From on.
type Passage struct {
	Episode              *Episode
	From, Context, Steps int
}

// Seen is the last row of the context.
func (p Passage) Seen() int { return p.From + p.Context - 1 }

// Foresight is what a model makes of a passage.
type Foresight struct {
	Pixels  []uint8   // (1+Steps)×64×64×3: the last row of the context reconstructed, then what is foreseen
	Rewards []float64 // Steps, in the units of the task
}

// Followed is what a model makes of an episode that it sees.
type Followed struct {
	Rewards []float64 // T+1, read from each posterior, in the units of the task
	KL      []float64 // T+1, nats: each posterior to its prior; nil for a model without chance
}

// QualityOptions say what is measured. Zeros are the defaults.
type QualityOptions struct {
	Context int    // rows seen before a prediction; 0 = 5
	Steps   int    // rows foreseen; 0 = 50
	Reward  string // RewardShaped or RewardSparse; "" = RewardShaped
	Seed    int64  // of what the filter draws
}

func (o QualityOptions) resolved() (QualityOptions, error) {
	const context, steps, most = 5, 50, 1000
	if o.Context == 0 {
		o.Context = context
	}
	if o.Steps == 0 {
		o.Steps = steps
	}
	if o.Context < 1 || o.Context > most {
		return o, fmt.Errorf("context = %d: want 1 to %d", o.Context, most)
	}
	if o.Steps < 1 || o.Steps > most {
		return o, fmt.Errorf("steps = %d: want 1 to %d", o.Steps, most)
	}
	if o.Reward == "" {
		o.Reward = RewardShaped
	}
	return o, nil
}

// Estimate is a mean over episodes and its standard error, 0 of a single episode.
type Estimate struct {
	Mean   float64 `json:"mean"`
	Stderr float64 `json:"stderr"`
}

// Quality says how well a model predicts episodes: pixels and rewards open loop,
// that is seeing Context rows and then rolling the prior's mean through the next
// Steps actions, the KL of Hafner et al. (2019), eq. 3, at each step it sees, and
// rewards read from what it sees. Image errors are root mean squares over a frame,
// of pixels in [0, 1].
type Quality struct {
	Episodes int    `json:"episodes"`
	Passages int    `json:"passages"` // of Context + Steps rows, side by side in the episodes
	Context  int    `json:"context"`
	Steps    int    `json:"steps"`
	Reward   string `json:"reward"` // which reward: shaped or sparse

	Reconstruction Estimate   `json:"reconstruction"` // image error of the last row seen
	ImageError     []Estimate `json:"image_error"`    // of each step ahead
	Persistence    []Estimate `json:"persistence"`    // of showing the last row seen again
	MeanError      Estimate   `json:"mean_image_error"`
	MeanPersistent Estimate   `json:"mean_persistence"`
	Gain           Estimate   `json:"gain"` // MeanPersistent − MeanError, paired by episode
	// ImageR2 is 1 − Σ(foreseen − truth)²/Σ(truth − mean image of the truth)²: 1 is
	// perfect, 0 is as good as knowing the scene but nothing that moves in it. Its
	// error takes the truth's variance as known. Null if the images do not vary.
	ImageR2       *Estimate `json:"image_r2"`
	EpisodeErrors []float64 `json:"episode_image_errors"` // of which MeanError is the mean: models can be compared episode by episode

	Foreseen RewardQuality `json:"reward_foreseen"` // open loop
	Returns  RewardQuality `json:"return_foreseen"` // their sums over a passage, which planners compare
	Seen     RewardQuality `json:"reward_seen"`     // from posteriors

	KL      *Estimate `json:"kl"`       // nats a step after the first Context rows; null without chance
	KLFirst *Estimate `json:"kl_first"` // nats a step of those
}

// Examiner measures a model, episode by episode.
type Examiner struct {
	subject Subject
	opts    QualityOptions

	episodes, passages int
	images             imageScores
	foreseen, seen     rewardScores
	returns            rewardScores
	kl, klFirst        []float64 // of each episode
}

// NewExaminer starts a measurement of a model.
func NewExaminer(s Subject, o QualityOptions) (*Examiner, error) {
	o, err := o.resolved()
	if err != nil {
		return nil, err
	}
	return &Examiner{subject: s, opts: o}, nil
}

// Add has the model predict e, and says whether it was long enough to: Context +
// Steps rows.
func (x *Examiner) Add(e *Episode) (bool, error) {
	o, rows := x.opts, x.opts.Context+x.opts.Steps
	if e.Rows() < rows {
		return false, nil
	}
	rng := qualityStream.legacy(o.Seed, int64(x.episodes))
	group := x.episodes
	var images episodeImages
	for from := 0; from+rows <= e.Rows(); from += rows {
		p := Passage{e, from, o.Context, o.Steps}
		f, err := x.subject.Foresee(p, rng)
		if err != nil {
			return false, fmt.Errorf("foreseeing rows %d to %d: %w", from, from+rows, err)
		}
		images.add(p, f.Pixels)
		x.images.truth.add(p)
		predicted, obtained := 0.0, 0.0
		for k, r := range f.Rewards {
			truth := float64(e.Learned(o.Reward)[p.Seen()+1+k])
			x.foreseen.add(group, r, truth)
			predicted, obtained = predicted+r, obtained+truth
		}
		x.returns.add(group, predicted, obtained)
		x.passages++
	}
	followed, err := x.subject.Follow(e, rng)
	if err != nil {
		return false, fmt.Errorf("following the episode: %w", err)
	}
	for t := o.Context; t < e.Rows(); t++ {
		x.seen.add(group, followed.Rewards[t], float64(e.Learned(o.Reward)[t]))
	}
	if followed.KL != nil {
		x.klFirst = append(x.klFirst, mean(followed.KL[:o.Context]))
		x.kl = append(x.kl, mean(followed.KL[o.Context:]))
	}
	x.images.add(images)
	x.episodes++
	return true, nil
}

// Quality is what was measured so far.
func (x *Examiner) Quality() Quality {
	q := Quality{Episodes: x.episodes, Passages: x.passages, Context: x.opts.Context, Steps: x.opts.Steps,
		Reward: x.opts.Reward, Foreseen: x.foreseen.quality(), Returns: x.returns.quality(), Seen: x.seen.quality(),
		KL: klOf(x.kl), KLFirst: klOf(x.klFirst)}
	x.images.fill(&q)
	return q
}

func klOf(episodes []float64) *Estimate {
	if len(episodes) == 0 {
		return nil
	}
	e := estimate(episodes)
	return &e
}
