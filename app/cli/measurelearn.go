package cli

import (
	"errors"
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/rssm"
	"github.com/latco-studio/latco/learning/rssm/peers"
)

// learnStep is a gradient step beside products of large matrices, the most that
// the machine can compute.
func (w workplace) learnStep(preset string, b, t int) measurement {
	size := fmt.Sprintf("%dx%d", b, t)
	m := measurement{name: "learn/step/" + preset + "/" + size, runs: 7}
	cfg, err := rssm.Preset(preset)
	work := cfg.StepOperations(b, t, 2)
	m.operations = work
	m.beside.operations = peakOperations
	m.note = fmt.Sprintf("one gradient step, %d sequences of %d images, %.3g GFLOP", b, t, work/1e9)
	m.beside.name = "learn/peak/" + preset
	if size != usualStep {
		m.beside.name += "/" + size
	}
	m.beside.note = fmt.Sprintf("products of matrices, %.3g GFLOP", peakOperations/1e9)
	m.compare = func(ratio float64) string {
		return fmt.Sprintf("; %.0f %% of the operations a second of learn/peak", 100*work/peakOperations/ratio)
	}
	m.sameAs(preset, peers.Work{Kind: peers.Step, Batch: b, Length: t})
	m.open = func() (timed, error) {
		if err != nil {
			return timed{}, err
		}
		dev, params, err := w.fresh(preset)
		if err != nil {
			return timed{}, err
		}
		peak, err := newPeak(dev)
		if err != nil {
			return timed{}, errors.Join(err, dev.Close())
		}
		trainer, err := rssm.NewTrainer(params, dev, 1)
		if err != nil {
			return timed{}, errors.Join(err, dev.Close())
		}
		batch := &rssm.Batch{B: b, T: t, Pixels: make([]uint8, b*t*rssm.Pixels),
			Actions: make([]float32, b*t*params.ActionDim), Rewards: make([]float32, b*t)}
		rand.New(rand.NewSource(1)).Read(batch.Pixels)
		run := func() error { _, err := trainer.Update(batch); return err }
		return timed{run: run, beside: peak, close: func() { trainer.Close(); dev.Close() }}, nil
	}
	return m
}

// usualStep is the size of a step whose peak bears the preset's name alone.
const usualStep = "16x20"

const (
	peakSize       = 1024
	peakProducts   = 8
	peakOperations = 2. * peakSize * peakSize * peakSize * peakProducts
)

// newPeak multiplies square matrices on dev, which frees them when it closes.
func newPeak(dev device.Device) (func() error, error) {
	var m [3]device.Mat
	for i := range m {
		b, err := dev.Alloc(peakSize * peakSize)
		if err != nil {
			return nil, err
		}
		dev.Fill(b, 0.5)
		m[i] = b.Mat(peakSize, peakSize)
	}
	return func() error {
		for range peakProducts {
			dev.Gemm(false, false, 1, m[0], m[1], 0, m[2])
		}
		return dev.Sync()
	}, nil
}

// onModel times a model's work on zeros.
func (w workplace) onModel(name, note, preset string, runs int, run func(m *rssm.Model) error) measurement {
	return measurement{name: name, note: note, runs: runs,
		open: func() (timed, error) {
			dev, params, err := w.fresh(preset)
			if err != nil {
				return timed{}, err
			}
			model, err := rssm.NewModel(params, dev)
			if err != nil {
				return timed{}, errors.Join(err, dev.Close())
			}
			return timed{run: func() error { return run(model) }, close: func() { model.Close(); dev.Close() }}, nil
		}}
}

// filterFrame is a belief update.
func (w workplace) filterFrame(preset string) measurement {
	pixels := make([]uint8, rssm.Pixels)
	return w.onModel("learn/filter/"+preset, "encode one image and update the belief", preset, 9, func(m *rssm.Model) error {
		_, err := m.Observe(m.Initial(), make([]float64, m.ActionDim()), pixels, nil)
		return err
	})
}

// rollOut is what a planner that samples asks for in one iteration.
func (w workplace) rollOut(preset string) measurement {
	const n, h = 1000, 30
	actions, returns := make([]float32, n*h*2), make([]float64, n)
	m := w.onModel("learn/rollout/"+preset, "returns of 1000 sequences of 30 actions", preset, 9, func(m *rssm.Model) error {
		return m.Score(make([]float64, m.FeatureDim()), actions, n, h, returns, nil)
	})
	m.operations = n * h * rolloutOperations(preset)
	return m
}
