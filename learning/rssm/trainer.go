package rssm

import (
	"errors"
	"fmt"
	"math"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/graph"
)

// NonFiniteError says which term of a gradient step is NaN or infinite.
type NonFiniteError = graph.NonFiniteError

// Trainer improves a model by gradient steps (Adam as Keras has it, the
// gradient clipped by its global norm). It belongs to one goroutine, on which
// all the device's work is done.
type Trainer struct {
	dev       device.Device
	config    Config
	actionDim int
	updates   int
	layout    []Tensor

	flat          device.Buffer // parameters
	first, second device.Buffer // Adam's moments
	params        []device.Buffer
	adam          graph.Adam
	noise         *noise
	rewards       Normalizer
	graph         *training // for the shape of the last batch
	step          *device.Repeated
	rate, report  device.Buffer // what a step is told and what it answers
	answer        [reportLength]float32

	ahead ahead // the batch after the present one

	rows struct { // batches reordered by time
		pixels                                        []uint8
		actions, rewards, noise, farNoise, farRewards []float32
	}
}

// NewTrainer starts from p with fresh moments. seed starts the noise of the
// posterior samples. The device must outlive the trainer.
func NewTrainer(p *Params, dev device.Device, seed int64) (*Trainer, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	t := &Trainer{
		dev: dev, config: p.Config, actionDim: p.ActionDim, updates: p.Updates,
		layout: p.Layout(), noise: newNoise(seed), rewards: p.Rewards,
	}
	t.adam = graph.Adam{
		LearningRate: p.Config.LearningRate, Beta1: p.Config.Beta1, Beta2: p.Config.Beta2,
		Epsilon: p.Config.Epsilon, ClipNorm: p.Config.ClipNorm,
	}
	if err := t.allocate(p); err != nil {
		t.Close()
		return nil, fmt.Errorf("trainer: %w", err)
	}
	return t, nil
}

func (t *Trainer) allocate(p *Params) (err error) {
	if t.flat, err = p.upload(t.dev); err != nil {
		return err
	}
	for _, b := range []*device.Buffer{&t.first, &t.second} {
		if *b, err = t.dev.Alloc(len(p.Values)); err != nil {
			return fmt.Errorf("allocating Adam's moments: %w", err)
		}
	}
	if t.rate, err = t.dev.Alloc(1); err != nil {
		return fmt.Errorf("allocating the learning rate: %w", err)
	}
	if t.report, err = t.dev.Alloc(reportLength); err != nil {
		return fmt.Errorf("allocating the losses: %w", err)
	}
	cut := func(flat device.Buffer) []device.Buffer {
		var list []device.Buffer
		for _, l := range t.layout {
			list = append(list, flat.Slice(l.Offset, l.Offset+l.Len()))
		}
		return list
	}
	t.params, t.adam.First, t.adam.Second = cut(t.flat), cut(t.first), cut(t.second)
	return nil
}

// Update does one gradient step on b. A loss or gradient that is not finite is
// a *NonFiniteError, a batch of the wrong size a *BatchError; either leaves the
// parameters as they were. The first batch of a new shape costs the building of
// its graph.
func (t *Trainer) Update(b *Batch) (Losses, error) {
	if err := b.check(t.actionDim); err != nil {
		return Losses{}, err
	}
	rewards := t.rewards
	if t.config.NormalizeReward {
		rewards = rewards.seen(b.Rewards)
	}
	if err := t.prepare(b, rewards); err != nil {
		return Losses{}, err
	}
	losses, err := t.run()
	if err != nil {
		return losses, fmt.Errorf("training step %d: %w", t.updates+1, err)
	}
	if err := losses.finite(); err != nil {
		return losses, err
	}
	if err := t.finiteGradients(losses.GradNorm); err != nil {
		return losses, err
	}
	t.adam.Step++
	t.updates++
	t.rewards = rewards
	return losses, nil
}

// run does the step on the batch uploaded and reads what it reports.
func (t *Trainer) run() (Losses, error) {
	t.adam.LearningRate = t.config.rate(t.updates)
	if err := t.dev.Upload(t.rate, []float32{float32(t.adam.Rate())}); err != nil {
		return Losses{}, err
	}
	if err := t.step.Do(); err != nil {
		return Losses{}, err
	}
	if err := t.stage(); err != nil {
		return Losses{}, err
	}
	err := t.dev.Download(t.answer[:], t.report)
	if first := t.dev.Sync(); err == nil { // else it says the same
		err = first
	}
	if err != nil {
		return Losses{}, err
	}
	return losses(t.answer[:]), nil
}

// queue is a step: losses, gradients, their norm, and the update unless one of the
// losses or the norm is not finite. It is the same work for every batch of a shape.
func (t *Trainer) queue() error {
	if err := t.graph.Run(); err != nil {
		return err
	}
	t.graph.collect(t.dev, t.report)
	norm, grads := t.report.Slice(reportNorm, reportNorm+1), t.graph.Gradients()
	t.dev.Norm(grads, norm)
	t.adam.Update(t.dev, t.params, grads, t.rate, norm, t.report)
	return nil
}

// finiteGradients names the first tensor whose gradient is not, if the norm of
// all is not.
func (t *Trainer) finiteGradients(norm float64) error {
	if !math.IsNaN(norm) && !math.IsInf(norm, 0) {
		return nil
	}
	for i, g := range t.graph.Gradients() {
		if v := math.Sqrt(t.dev.SumSquares(g)); math.IsNaN(v) || math.IsInf(v, 0) {
			return &NonFiniteError{Term: "gradient of " + t.layout[i].Name, Value: v}
		}
	}
	return &NonFiniteError{Term: "gradient norm", Value: norm}
}

// finite names the first term that is not.
func (l Losses) finite() error {
	for _, x := range []struct {
		term  string
		value float64
	}{{"image loss", l.Image}, {"reward loss", l.Reward}, {"KL loss", l.KL}, {"global KL", l.GlobalKL},
		{"overshooting KL", l.OvershootingKL}, {"overshooting reward loss", l.OvershootingReward}, {"total loss", l.Total}} {
		if math.IsNaN(x.value) || math.IsInf(x.value, 0) {
			return &NonFiniteError{Term: x.term, Value: x.value}
		}
	}
	return nil
}

// prepare makes the graph fit b and fills its inputs.
func (t *Trainer) prepare(b *Batch, rewards Normalizer) error {
	if t.graph == nil || t.graph.b != b.B || t.graph.t != b.T {
		if err := t.closeGraph(); err != nil {
			return err
		}
		g, err := newTraining(t.dev, &t.config, t.actionDim, b.B, b.T, t.flat)
		if err != nil {
			return err
		}
		t.graph, t.step = g, device.Repeat(t.dev, t.queue)
	}
	staged, err := t.isStaged(b)
	if err == nil && !staged {
		err = t.uploadImages(b)
	}
	if err := errors.Join(err, t.uploadRows(b, rewards)); err != nil {
		return fmt.Errorf("uploading a batch: %w", err)
	}
	return nil
}

func (t *Trainer) uploadImages(b *Batch) error {
	bits, seed := t.config.ImageBits, uint64(0)
	if bits < 8 {
		seed = t.noise.seed()
	}
	t.rows.pixels = byTime(t.rows.pixels, b.Pixels, b.B, b.T, Pixels)
	return uploadImage(t.dev, t.graph.images, t.rows.pixels, bits, seed)
}

// uploadImage fills dst with images as the encoder wants them.
func uploadImage(dev device.Device, dst device.Buffer, pixels []uint8, bits int, seed uint64) error {
	if bits == 8 {
		return dev.UploadPixels(dst, pixels)
	}
	return dev.UploadLevels(dst, pixels, bits, seed)
}

func (t *Trainer) uploadRows(b *Batch, rewards Normalizer) error {
	x, g := &t.rows, t.graph
	x.actions = byTime(x.actions, b.Actions, b.B, b.T, t.actionDim)
	x.rewards = byTime(x.rewards, b.Rewards, b.B, b.T, 1)
	if rewards.Batches > 0 {
		for i, r := range x.rewards {
			x.rewards[i] = float32(rewards.Normal(float64(r)))
		}
	}
	x.noise = t.normal(x.noise, g.shape.Rows()*g.shape.Noise())
	err := errors.Join(
		t.dev.Upload(g.actions, x.actions),
		t.dev.Upload(g.rewards, x.rewards),
		t.dev.Upload(g.noise, x.noise),
	)
	if g.far.Distance == 0 {
		return err
	}
	x.farNoise = t.normal(x.farNoise, g.far.NoiseRows()*g.far.Stoch)
	if g.farRewards.Len > 0 {
		x.farRewards = g.far.Gather(x.farRewards, x.rewards, 1)
	}
	return errors.Join(err, t.dev.Upload(g.farNoise, x.farNoise), t.dev.Upload(g.farRewards, x.farRewards))
}

// normal is the noise of n samples: none where means are taken.
func (t *Trainer) normal(dst []float32, n int) []float32 {
	if t.config.samples() {
		return t.noise.normal(dst, n)
	}
	if len(dst) != n {
		dst = make([]float32, n)
	}
	return dst
}

// byTime reorders B×T×n to T×B×n, into dst where it is long enough.
func byTime[N any](dst, src []N, b, t, n int) []N {
	if len(dst) != len(src) {
		dst = make([]N, len(src))
	}
	for s := range b {
		for i := range t {
			copy(dst[(i*b+s)*n:(i*b+s+1)*n], src[(s*t+i)*n:(s*t+i+1)*n])
		}
	}
	return dst
}

// Close frees the trainer's memory on the device.
func (t *Trainer) Close() error {
	err := t.closeGraph()
	for _, b := range []*device.Buffer{&t.flat, &t.first, &t.second, &t.rate, &t.report} {
		if b.Len > 0 {
			t.dev.Free(*b)
			*b = device.Buffer{}
		}
	}
	return err
}

func (t *Trainer) closeGraph() error {
	if t.graph == nil {
		return nil
	}
	err := errors.Join(t.step.Close(), t.graph.Close())
	t.graph, t.step = nil, nil
	return err
}
