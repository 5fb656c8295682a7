package learning

import (
	"errors"
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/learning/rssm"
)

func fullReplay(t *testing.T, length int, share float64, episodes ...*Episode) *Replay {
	t.Helper()
	r, err := NewReplay(ReplayOptions{Length: length, RewardShare: share, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range episodes {
		if err := r.Add(e, EpisodeRef{}); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// Each sequence is rows start..start+T−1 of one episode, arrays aligned, and
// episodes and starts (the first and the last included) are uniform.
func TestSequencesAreWindowsOfOneEpisodeUniformly(t *testing.T) {
	const length, steps, batches = 4, 7, 4000
	r := fullReplay(t, length, 0, countingEpisode(t, 1, steps, 2), countingEpisode(t, 2, steps-2, 2))
	b := &rssm.Batch{B: 3, T: length}
	count := map[[2]int]int{}
	for n := range batches {
		if err := r.Fill(b, int64(n)); err != nil {
			t.Fatal(err)
		}
		for i := range b.B {
			first := b.Pixels[i*length*FramePixels:]
			number, start := int(first[0]), int(first[1])
			count[[2]int{number, start}]++
			for k := range length {
				p := b.Pixels[(i*length+k)*FramePixels:]
				if int(p[0]) != number || int(p[1]) != start+k {
					t.Fatalf("row %d of a sequence from %d/%d is %d/%d", k, number, start, p[0], p[1])
				}
				if a := b.Actions[(i*length+k)*2]; a != float32(start+k) {
					t.Fatalf("action %g beside observation %d", a, start+k)
				}
			}
		}
	}
	// 5 starts in episode 1, 3 in episode 2, each episode half of the draws.
	if len(count) != 8 {
		t.Fatalf("%d distinct sequences, want 8: %v", len(count), count)
	}
	for where, n := range count {
		p := 0.5 / float64(map[int]int{1: 5, 2: 3}[where[0]])
		mean := p * 3 * batches
		if sd := math.Sqrt(mean * (1 - p)); math.Abs(float64(n)-mean) > 5*sd {
			t.Errorf("sequence %v drawn %d times, expected %.0f ± %.0f", where, n, mean, sd)
		}
	}
}

func TestBatchIsAFunctionOfItsNumber(t *testing.T) {
	e := countingEpisode(t, 1, 40, 2)
	r, again := fullReplay(t, 5, 0, e), fullReplay(t, 5, 0, e)
	var a, b, c rssm.Batch
	for _, batch := range []*rssm.Batch{&a, &b, &c} {
		batch.B, batch.T = 8, 5
	}
	for _, n := range []int64{5, 0, 3} {
		r.Fill(&a, n)
	}
	again.Fill(&b, 3)
	again.Fill(&c, 4)
	if !reflect.DeepEqual(a, b) {
		t.Error("batch 3 depends on what was drawn before")
	}
	if reflect.DeepEqual(b, c) {
		t.Error("batches 3 and 4 are the same")
	}
}

func TestRewardShare(t *testing.T) {
	plain, rewarded := countingEpisode(t, 1, 99, 1), countingEpisode(t, 2, 99, 1)
	rewarded.Rewards[50] = -40
	for _, share := range []float64{0, 0.3, 1} {
		r := fullReplay(t, 10, share, plain, plain, plain, rewarded)
		b := &rssm.Batch{B: 7, T: 10}
		with, total := 0, 0
		for n := range int64(300) {
			if err := r.Fill(b, n); err != nil {
				t.Fatal(err)
			}
			for i := range b.B {
				total++
				for _, x := range b.Rewards[i*10 : i*10+10] {
					if x != 0 {
						with++
					}
				}
			}
		}
		// Of uniform draws one in four is the rewarded episode, 10 in 91 of its
		// starts hold the reward.
		uniform := 0.25 * 10 / 91
		want := share + (1-share)*uniform
		if got := float64(with) / float64(total); math.Abs(got-want) > 0.02 {
			t.Errorf("share %g: %g of the sequences hold a reward, want %.3f", share, got, want)
		}
	}
	r := fullReplay(t, 10, 1, plain)
	if err := r.Fill(&rssm.Batch{B: 2, T: 10}, 0); err != nil {
		t.Errorf("no reward anywhere: %v", err)
	}
}

func TestRewardedStarts(t *testing.T) {
	for _, c := range []struct {
		rewards []float32
		length  int
		want    []int32
	}{
		{[]float32{0, 0, 0, 0, 0}, 2, nil},
		{[]float32{0, 0, 1, 0, 0}, 2, []int32{1, 2}},
		{[]float32{1, 0, 0, 0, 1}, 2, []int32{0, 3}},
		{[]float32{0, 1, 1, 0, 0}, 3, []int32{0, 1, 2}},
		{[]float32{0, 1}, 3, nil},
		{[]float32{0, 1, 0}, 3, []int32{0}},
	} {
		if got := rewardedStarts(c.rewards, c.length); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v, length %d: starts %v, want %v", c.rewards, c.length, got, c.want)
		}
	}
}

func TestReplayIsBounded(t *testing.T) {
	one := sizeOf(countingEpisode(t, 0, 5, 1))
	r, err := NewReplay(ReplayOptions{Length: 4, Capacity: 3 * one, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if err := r.Add(countingEpisode(t, i, 5, 1), EpisodeRef{File: string(rune('a' + i))}); err != nil {
			t.Fatal(err)
		}
	}
	s := r.Stats()
	if s.Episodes != 3 || s.Evicted != 7 || s.Bytes != 3*one || s.Steps != 15 {
		t.Errorf("stats %+v", s)
	}
	if got := r.Refs(); got[0].File != "h" || got[2].File != "j" {
		t.Errorf("kept %v, want the newest three", got)
	}
	if err := r.Add(countingEpisode(t, 0, 50, 1), EpisodeRef{File: "huge"}); err == nil {
		t.Error("an episode beyond the capacity was accepted")
	}
}

func TestShortAndHeldOutEpisodesAreNotTrainedOn(t *testing.T) {
	r := fullReplay(t, 4, 0, countingEpisode(t, 1, 2, 1))
	r.Add(countingEpisode(t, 2, 9, 1), EpisodeRef{HeldOut: true})
	b := &rssm.Batch{B: 2, T: 4}
	if err := r.Fill(b, 0); !errors.Is(err, ErrNoData) {
		t.Fatalf("error %v, want ErrNoData", err)
	}
	r.Add(countingEpisode(t, 3, 3, 1), EpisodeRef{}) // exactly one sequence long
	for n := range int64(20) {
		if err := r.Fill(b, n); err != nil {
			t.Fatal(err)
		}
		if b.Pixels[0] != 3 {
			t.Fatalf("drew from episode %d", b.Pixels[0])
		}
	}
	if s := r.Stats(); s.Short != 1 || s.HeldOut != 1 {
		t.Errorf("stats %+v", s)
	}
}

func TestHeldOutShare(t *testing.T) {
	for _, share := range []float64{0, 0.05, 0.1, 0.3, 0.5} {
		n := 0
		for i := range 1000 {
			if heldOut(i, share) {
				n++
			}
		}
		if math.Abs(float64(n)-1000*share) > 1 {
			t.Errorf("share %g holds out %d of 1000", share, n)
		}
	}
}
