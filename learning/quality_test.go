package learning

import (
	"math"
	"math/rand"
	"testing"

	"github.com/latco-studio/latco/learning/device/purego"
	"github.com/latco-studio/latco/learning/rssm"
)

// oracle foresees what happens, with errors that are known: every pixel is off by
// pixels, rewards are scaled and shifted. KL at row t is t.
type oracle struct {
	pixels       uint8
	scale, shift float64
}

func (o oracle) Foresee(p Passage, _ *rand.Rand) (Foresight, error) {
	var f Foresight
	for t := p.Seen(); t <= p.Seen()+p.Steps; t++ {
		for _, v := range p.Episode.Frame(t) {
			f.Pixels = append(f.Pixels, v+o.pixels)
		}
		if t > p.Seen() {
			f.Rewards = append(f.Rewards, o.reward(p.Episode, t))
		}
	}
	return f, nil
}

func (o oracle) Follow(e *Episode, _ *rand.Rand) (Followed, error) {
	var f Followed
	for t := range e.Rows() {
		f.Rewards, f.KL = append(f.Rewards, o.reward(e, t)), append(f.KL, float64(t))
	}
	return f, nil
}

func (o oracle) reward(e *Episode, t int) float64 { return o.scale*float64(e.Rewards[t]) + o.shift }

// ramp is an episode whose pixels all are pace·t at row t, and the reward is by(t).
func ramp(t *testing.T, steps, pace int, by func(t int) float64) *Episode {
	t.Helper()
	frame := make([]uint8, FramePixels)
	e, err := NewEpisode(EpisodeInfo{Task: "ramp", ActionRepeat: 1}, 2, frame, nil)
	for i := 1; err == nil && i <= steps; i++ {
		for j := range frame {
			frame[j] = uint8(pace * i)
		}
		err = e.Append(Step{Action: []float64{0.1, -0.1}, Pixels: frame, Reward: by(i), SparseReward: 2 * by(i), Discount: 1})
	}
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func alternating(t int) float64 { return float64(t % 2) }

// examine measures s over episodes of 25 steps whose pixels climb by 1 and by 3 a
// step: two passages of 3 + 10 rows each, and one row over.
func examine(t *testing.T, s Subject) Quality {
	t.Helper()
	x, err := NewExaminer(s, QualityOptions{Context: 3, Steps: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, pace := range []int{1, 3} {
		if ok, err := x.Add(ramp(t, 25, pace, alternating)); err != nil || !ok {
			t.Fatal(ok, err)
		}
	}
	if ok, err := x.Add(ramp(t, 11, 1, alternating)); err != nil || ok {
		t.Fatalf("an episode of 12 rows was measured (%v, %v)", ok, err)
	}
	return x.Quality()
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-9) {
		t.Errorf("%s is %g, want %g", what, got, want)
	}
}

// climbing is the variance of a pixel in the rows that examine has foreseen.
func climbing() float64 {
	var levels []float64
	for _, pace := range []int{1, 3} {
		for _, from := range []int{3, 16} {
			for t := from; t < from+10; t++ {
				levels = append(levels, float64(pace*t))
			}
		}
	}
	centre, square := mean(levels), 0.0
	for _, v := range levels {
		square += (v - centre) * (v - centre) / float64(len(levels))
	}
	return square
}

func TestPerfectSubject(t *testing.T) {
	q := examine(t, oracle{scale: 1})
	if q.Episodes != 2 || q.Passages != 4 || len(q.ImageError) != 10 {
		t.Errorf("%d episodes, %d passages, %d steps", q.Episodes, q.Passages, len(q.ImageError))
	}
	near(t, "reconstruction", q.Reconstruction.Mean, 0)
	for k, e := range q.ImageError {
		near(t, "image error", e.Mean, 0)
		// One episode climbs by 1/255 a step, the other by 3/255.
		near(t, "persistence", q.Persistence[k].Mean, 2*float64(k+1)/255)
		near(t, "its standard error", q.Persistence[k].Stderr, float64(k+1)/255)
	}
	near(t, "gain", q.Gain.Mean, 2*5.5/255)
	near(t, "image R²", q.ImageR2.Mean, 1)
	for _, r := range []RewardQuality{q.Foreseen, q.Seen} {
		near(t, "R²", r.R2.Mean, 1)
		near(t, "its standard error", r.R2.Stderr, 0)
		near(t, "RMSE", r.RMSE.Mean, 0)
		near(t, "calibration", r.Calibration, 0)
	}
	near(t, "RMSE of the mean", q.Foreseen.MeanError, 0.5)
	// KL is the row's number: rows 0 to 2, and 3 to 25.
	near(t, "first KL", q.KLFirst.Mean, 1)
	near(t, "KL", q.KL.Mean, 14)
	near(t, "its standard error", q.KL.Stderr, 0)
}

func TestSubjectWithKnownErrors(t *testing.T) {
	q := examine(t, oracle{pixels: 10, scale: 0.5, shift: 0.2})
	near(t, "reconstruction", q.Reconstruction.Mean, 10.0/255)
	near(t, "image error", q.MeanError.Mean, 10.0/255)
	near(t, "its standard error", q.MeanError.Stderr, 0)
	near(t, "gain", q.Gain.Mean, (2*5.5-10)/255)
	near(t, "its standard error", q.Gain.Stderr, 5.5/255)
	near(t, "image R²", q.ImageR2.Mean, 1-10*10/climbing())
	if len(q.EpisodeErrors) != 2 {
		t.Errorf("errors of %d episodes", len(q.EpisodeErrors))
	}
	// 0 is predicted as 0.2, 1 as 0.7: squared errors 0.04 and 0.09, half each.
	near(t, "RMSE", q.Foreseen.RMSE.Mean, math.Sqrt(0.065))
	near(t, "R²", q.Foreseen.R2.Mean, 1-0.065/0.25)
	near(t, "calibration", q.Foreseen.Calibration, 0.25)
	// Every passage obtains 5 and is predicted 5·0.5 + 10·0.2.
	near(t, "RMSE of the return", q.Returns.RMSE.Mean, 0.5)
	if q.Returns.N != 4 || q.Returns.R2 != nil {
		t.Errorf("returns that do not vary: %+v", q.Returns)
	}
	low, high := q.Foreseen.Bins[0], q.Foreseen.Bins[9]
	near(t, "lowest prediction", low.Predicted, 0.2)
	near(t, "what was obtained", low.Obtained, 0)
	near(t, "highest prediction", high.Predicted, 0.7)
	near(t, "what was obtained", high.Obtained, 1)
}

func TestConstantSubject(t *testing.T) {
	q := examine(t, oracle{shift: 0.5})
	near(t, "R² of the mean", q.Foreseen.R2.Mean, 0)
	near(t, "RMSE", q.Foreseen.RMSE.Mean, q.Foreseen.MeanError)
	near(t, "constant's R²", examine(t, oracle{shift: 1.5}).Foreseen.R2.Mean, -4)
}

// Rewards that do not vary have no R², and one episode no standard error.
func TestQualityOfConstantRewards(t *testing.T) {
	x, err := NewExaminer(oracle{scale: 1, shift: 0.1}, QualityOptions{Reward: RewardSparse})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := x.Add(ramp(t, 60, 1, func(int) float64 { return 0.1 })); err != nil {
		t.Fatal(err)
	}
	q := x.Quality()
	if q.Context != 5 || q.Steps != 50 || q.Foreseen.N != 50 || q.Foreseen.R2 != nil {
		t.Errorf("%+v", q.Foreseen)
	}
	// Learned is the sparse reward, 0.2; predicted 0.1 + 0.1.
	if q.Foreseen.RMSE.Mean > 1e-6 || q.MeanError.Stderr != 0 {
		t.Errorf("RMSE %v, image error %v", q.Foreseen.RMSE, q.MeanError)
	}
}

// Jackknife errors of a mean are the standard error that everybody knows, and a
// bin of independent episodes has it too.
func TestStandardErrors(t *testing.T) {
	var scores rewardScores
	var all rewardSums
	var episodes []rewardSums
	values := []float64{1, 4, 2, 8, 5, 7}
	for i, v := range values {
		scores.add(i, 0, v)
		one := rewardSums{}
		one.add(scores[i])
		all.add(scores[i])
		episodes = append(episodes, one)
	}
	want := estimate(values)
	got := jackknife(all, episodes, func(r rewardSums) float64 { return r.y / r.n })
	near(t, "mean", got.Mean, want.Mean)
	near(t, "standard error", got.Stderr, want.Stderr)
	near(t, "bin's standard error", scores.bin().Stderr, want.Stderr)
	// Twice the rows, perfectly alike within an episode, tell no more.
	double := append(append(rewardScores{}, scores...), scores...)
	near(t, "bin of alike rows", double.bin().Stderr, want.Stderr)
}

func TestQualityOptionsOutOfRange(t *testing.T) {
	for _, o := range []QualityOptions{{Context: -1}, {Steps: -1}, {Steps: 1001}, {Context: 1001}} {
		if _, err := NewExaminer(oracle{}, o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

// A real model, not trained: what is foreseen one step ahead is what its own
// methods say, in the units of the task, and measuring twice gives the same bits.
func TestModelAsSubject(t *testing.T) {
	for _, dynamics := range []string{rssm.RSSM, rssm.GRU, rssm.SSM, rssm.SSMLatCo} {
		t.Run(dynamics, func(t *testing.T) {
			cfg := tinyConfig(t)
			cfg.Dynamics = dynamics
			params, err := rssm.NewParams(cfg, 2, 1)
			if err != nil {
				t.Fatal(err)
			}
			params.Rewards = rssm.Normalizer{Mean: 3, Variance: 4, Batches: 1}
			model, err := rssm.NewModel(params, purego.New())
			if err != nil {
				t.Fatal(err)
			}
			defer model.Close()
			e := ramp(t, 12, 5, alternating)
			s := ModelSubject{model, params.Rewards}
			measure := func() Quality {
				x, err := NewExaminer(s, QualityOptions{Context: 2, Steps: 4, Seed: 7})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := x.Add(e); err != nil {
					t.Fatal(err)
				}
				return x.Quality()
			}
			q, again := measure(), measure()
			if q.MeanError != again.MeanError || q.Foreseen.RMSE != again.Foreseen.RMSE {
				t.Errorf("measured twice: %v and %v", q.MeanError, again.MeanError)
			}
			if chance := dynamics != rssm.GRU; (q.KL != nil) != chance || chance && q.KL.Mean <= 0 {
				t.Errorf("KL %v", q.KL)
			}
			f, err := s.Foresee(Passage{e, 6, 1, 1}, nil)
			if err != nil {
				t.Fatal(err)
			}
			b, err := model.Observe(model.Initial(), taken(e, 6), e.Frame(6), nil)
			if err != nil {
				t.Fatal(err)
			}
			z := model.FeatureDim()
			latents, rewards, pixels := make([]float64, 2*z), make([]float64, 1), make([]uint8, 2*FramePixels)
			if err := model.Imagine(b.Feature(), taken(e, 7), latents, rewards, nil); err != nil {
				t.Fatal(err)
			}
			if err := model.Decode(2, latents, pixels); err != nil {
				t.Fatal(err)
			}
			near(t, "reward", f.Rewards[0], 3+2*rewards[0])
			if string(f.Pixels) != string(pixels) {
				t.Error("other images than the model's")
			}
		})
	}
}

// What a run learns from is known by its checkpoint; what it holds out is not in it.
func TestTrainedOn(t *testing.T) {
	dir := t.TempDir()
	if _, err := TrainedOn(dir); err == nil {
		t.Error("an empty folder was trained on something")
	}
	params, err := rssm.NewParams(tinyConfig(t), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	n := len(params.Values)
	c := &Checkpoint{Run: Run{Task: "count", ActionDim: 2, Config: params.Config},
		Replay: []EpisodeRef{{SHA256: "a"}, {SHA256: "b", HeldOut: true}},
		State:  rssm.TrainerState{Params: params, First: make([]float32, n), Second: make([]float32, n)}}
	if _, err := SaveCheckpoint(dir, c, 0); err != nil {
		t.Fatal(err)
	}
	if got, err := TrainedOn(dir); err != nil || !got["a"] || got["b"] || len(got) != 1 {
		t.Errorf("trained on %v, %v", got, err)
	}
}
