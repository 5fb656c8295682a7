package learning

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"math"
	"slices"
)

// TimeLapse keeps how the open-loop prediction of one episode sharpened during a
// run: shots at growing intervals of updates, few enough to be looked through and to
// lie in the run folder. What was kept before is never written again, so a copy may
// be handed to another goroutine.
type TimeLapse struct {
	episode *Episode // its beginning, as much as is predicted
	header  lapseHeader
	truth   []byte   // packed frames
	shots   [][]byte // packed frames of the predictions, by header.Shots
	packer  packer
}

// lapseHeader is the JSON part of the file.
type lapseHeader struct {
	Info      EpisodeInfo `json:"info"`
	HeldOut   bool        `json:"held_out"` // the episode was never trained on
	Task      int         `json:"task,omitempty"`
	Reward    string      `json:"reward"`
	Context   int         `json:"context"` // time steps at the start where the model sees the truth
	Rows      int         `json:"rows"`    // time steps, context included
	ActionDim int         `json:"action_dim"`
	Actions   []float32   `json:"actions"` // Rows×ActionDim
	Rewards   []float32   `json:"rewards"` // Rows, of the reward that is learned
	Doubled   int         `json:"doubled"` // times that every second shot was dropped
	Truth     int         `json:"truth"`   // bytes
	Shots     []Shot      `json:"shots"`
}

// Shot is one prediction of a TimeLapse.
type Shot struct {
	Updates int     `json:"updates"`
	WallS   float64 `json:"wall_s"`
	Error   float64 `json:"error"` // root mean square over the predicted frames, of pixels in [0, 1]
	Bytes   int     `json:"bytes"`
}

const (
	mostShots  = 64
	lapseGap   = 10  // updates at least from one shot to the next
	lapseRatio = 1.1 // of their numbers of updates at least
)

// due says whether there should be a shot after so many updates.
func (l *TimeLapse) due(updates int) bool {
	if updates < 1 || len(l.shots) == 0 {
		return updates >= 1
	}
	times := 1 << l.header.Doubled // a gap or ratio squared for each time that shots were dropped
	last := l.header.Shots[len(l.shots)-1].Updates
	next := max(float64(last+times*lapseGap), float64(last)*math.Pow(lapseRatio, float64(times)))
	return float64(updates) >= next
}

// begin takes the episode that is predicted from now on; reward says which of its
// rewards is learned.
func (l *TimeLapse) begin(e *Episode, ref EpisodeRef, reward string, context int) error {
	rows := e.Rows()
	l.header = lapseHeader{Info: e.Info, HeldOut: ref.HeldOut, Task: ref.Task, Reward: reward, Context: min(context, rows), Rows: rows,
		ActionDim: e.ActionDim, Actions: e.Actions, Rewards: e.Learned(reward)}
	l.episode, l.shots = e, nil
	var err error
	l.truth, err = l.packer.pack(e.Pixels)
	l.header.Truth = len(l.truth)
	return err
}

// add keeps a prediction. If there are too many, every second of the earlier ones
// is dropped.
func (l *TimeLapse) add(o *OpenLoop, wallS float64) error {
	frames, err := l.packer.pack(o.Model)
	if err != nil {
		return err
	}
	shots, headers := slices.Clone(l.shots), slices.Clone(l.header.Shots)
	if len(shots) >= mostShots {
		shots, headers = everySecond(shots), everySecond(headers)
		l.header.Doubled++
	}
	l.shots = append(shots, frames)
	l.header.Shots = append(headers, Shot{Updates: o.Updates, WallS: wallS, Error: o.PredictedError(), Bytes: len(frames)})
	return nil
}

func everySecond[T any](s []T) []T {
	var kept []T
	for i := 0; i < len(s); i += 2 {
		kept = append(kept, s[i])
	}
	return kept
}

// cut drops what a run that goes on from so many updates will do again.
func (l *TimeLapse) cut(updates int) {
	n, _ := slices.BinarySearchFunc(l.header.Shots, updates+1, func(s Shot, u int) int { return s.Updates - u })
	l.shots, l.header.Shots = l.shots[:n:n], l.header.Shots[:n:n]
}

// Shots are the predictions there are, by updates.
func (l *TimeLapse) Shots() []Shot { return l.header.Shots }

// Shot unpacks prediction i, of which the rewards are not kept.
func (l *TimeLapse) Shot(i int) (*OpenLoop, error) {
	h := &l.header
	o := &OpenLoop{Updates: h.Shots[i].Updates, HeldOut: h.HeldOut, Info: h.Info, Context: h.Context, Frames: h.Rows,
		ImageError: make([]float64, h.Rows), TrueReward: make([]float64, h.Rows), ModelReward: make([]float64, h.Rows)}
	var err error
	if o.Truth, err = unpackFrames(l.truth, h.Rows); err != nil {
		return nil, fmt.Errorf("the truth of a time-lapse: %w", err)
	}
	if o.Model, err = unpackFrames(l.shots[i], h.Rows); err != nil {
		return nil, fmt.Errorf("the prediction after %d updates: %w", o.Updates, err)
	}
	for t := range o.ImageError {
		at, end := t*FramePixels, (t+1)*FramePixels
		o.ImageError[t] = imageError(o.Truth[at:end], o.Model[at:end])
		o.TrueReward[t] = float64(h.Rewards[t])
	}
	return o, nil
}

// copy is a TimeLapse that later changes leave alone.
func (l *TimeLapse) copy() *TimeLapse {
	return &TimeLapse{episode: l.episode, header: l.header, truth: l.truth, shots: l.shots}
}

// PredictedError is the root mean square error of the images that the model had to
// predict, or of all if it saw every one. Pixels are in [0, 1].
func (o *OpenLoop) PredictedError() float64 {
	errors := o.ImageError[min(o.Context, len(o.ImageError)):]
	if len(errors) == 0 {
		errors = o.ImageError
	}
	sum := 0.0
	for _, e := range errors {
		sum += e * e
	}
	return math.Sqrt(sum / float64(max(1, len(errors))))
}

// packer compresses frames: what differs from the frame before, deflated. It reuses
// its memory; the zero value is ready for use.
type packer struct {
	diff []uint8
	out  bytes.Buffer
	w    *flate.Writer
}

func (p *packer) pack(frames []uint8) ([]byte, error) {
	p.diff = append(p.diff[:0], frames...)
	for i := len(frames) - 1; i >= FramePixels; i-- {
		p.diff[i] -= frames[i-FramePixels]
	}
	p.out.Reset()
	if p.w == nil {
		var err error
		if p.w, err = flate.NewWriter(&p.out, flate.DefaultCompression); err != nil {
			return nil, err
		}
	} else {
		p.w.Reset(&p.out)
	}
	if _, err := p.w.Write(p.diff); err != nil {
		return nil, err
	}
	if err := p.w.Close(); err != nil {
		return nil, err
	}
	return bytes.Clone(p.out.Bytes()), nil
}

// unpackFrames undoes pack for n frames, no more and no less.
func unpackFrames(packed []byte, n int) ([]uint8, error) {
	r := flate.NewReader(bytes.NewReader(packed))
	frames := make([]uint8, n*FramePixels)
	if _, err := io.ReadFull(r, frames); err != nil {
		return nil, flaw(ErrCorrupt, "fewer than %d frames: %v", n, err)
	}
	if extra, _ := r.Read(make([]byte, 1)); extra > 0 {
		return nil, flaw(ErrCorrupt, "more than %d frames", n)
	}
	for i := FramePixels; i < len(frames); i++ {
		frames[i] += frames[i-FramePixels]
	}
	return frames, nil
}
