package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"time"

	"github.com/latco-studio/latco/learning/device"
	"github.com/latco-studio/latco/learning/device/cuda"
	"github.com/latco-studio/latco/learning/rssm"
)

// speed measures what a device reaches of what its card could, and whole steps.
func (t *selfTest) speed(ctx context.Context) (v verdict, err error) {
	var card cuda.Info // zero where there is none: no peak to compare with
	if c, ok := t.dev.(interface{ Info() cuda.Info }); ok {
		card = c.Info()
	}
	a := &area{dev: t.dev}
	defer a.free()
	tw := table(t.out)
	defer tw.Flush()
	fmt.Fprintln(tw, "what\tmedian ms\treached\tof the peak")
	list := []speedOf{a.products(1024), a.copying(64 << 20), a.uploading(32 << 20), a.launching(1000), t.stepping("class", 16, 20)}
	if card.Name != "" { // minutes on a CPU
		list = append(list, a.products(4096), t.stepping("paper", 16, 20), t.stepping("paper", 50, 50))
	}
	for _, m := range list {
		if a.err != nil {
			return v, a.err
		}
		if ctx.Err() != nil {
			v.left = append(v.left, m.what)
			continue
		}
		ms, err := m.median(ctx)
		v.done++
		var full *device.OutOfMemoryError
		if errors.As(err, &full) {
			fmt.Fprintf(tw, "%s\t-\t%v\n", m.what, full)
			continue
		}
		if err != nil {
			return v, fmt.Errorf("measuring %s: %w", m.what, err)
		}
		fmt.Fprintf(tw, "%s\t%.3g\t%s\n", m.what, ms, m.reached(ms, card))
	}
	return v, nil
}

// speedOf is something that is timed.
type speedOf struct {
	what       string
	operations float64 // additions and multiplications of a run
	bytes      float64 // through the card's memory, or from the host
	card       bool    // bytes are of the card's memory
	run        func() error
	close      func() error
}

// median is of up to nine runs after two to warm up, in ms; of fewer where time is
// short.
func (s speedOf) median(ctx context.Context) (ms float64, err error) {
	if s.close != nil {
		defer func() { err = errors.Join(err, s.close()) }()
	}
	var all []float64
	began := time.Now()
	for i := -2; i < 9 && (i < 1 || ctx.Err() == nil && time.Since(began) < 5*time.Second); i++ {
		start := time.Now()
		if err := s.run(); err != nil {
			return 0, err
		}
		if i >= 0 {
			all = append(all, float64(time.Since(start))/float64(time.Millisecond))
		}
	}
	slices.Sort(all)
	return all[len(all)/2], nil
}

func (s speedOf) reached(ms float64, card cuda.Info) string {
	switch {
	case s.operations > 0:
		return fmt.Sprintf("%.4g TFLOP/s\t%s", s.operations/ms/1e9, share(s.operations/ms*1e3, card.FLOPS()))
	case s.bytes > 0 && s.card:
		return fmt.Sprintf("%.4g GB/s\t%s", s.bytes/ms/1e6, share(s.bytes/ms*1e3, card.Bandwidth()))
	case s.bytes > 0:
		return fmt.Sprintf("%.4g GB/s\t", s.bytes/ms/1e6)
	}
	return "\t"
}

func share(got, peak float64) string {
	if peak == 0 {
		return ""
	}
	return fmt.Sprintf("%.0f %%", 100*got/peak)
}

// area is memory to measure in; the first failure stays.
type area struct {
	dev   device.Device
	owned []device.Buffer
	err   error
}

func (a *area) buffer(n int) device.Buffer {
	if a.err != nil {
		return device.Buffer{}
	}
	b, err := a.dev.Alloc(n)
	if a.err = err; err == nil {
		a.owned = append(a.owned, b)
		a.dev.Fill(b, 0.5)
	}
	return b
}

func (a *area) free() {
	for _, b := range a.owned {
		a.dev.Free(b)
	}
}

func (a *area) products(n int) speedOf {
	x, y, z := a.buffer(n*n), a.buffer(n*n), a.buffer(n*n)
	return speedOf{what: fmt.Sprintf("products of %d×%d matrices", n, n), operations: 2 * float64(n) * float64(n) * float64(n),
		run: func() error {
			a.dev.Gemm(false, false, 1, x.Mat(n, n), y.Mat(n, n), 0, z.Mat(n, n))
			return a.dev.Sync()
		}}
}

func (a *area) copying(n int) speedOf {
	x, y := a.buffer(n), a.buffer(n)
	return speedOf{what: fmt.Sprintf("y += x of %d million numbers", n>>20), bytes: 12 * float64(n), card: true,
		run: func() error { a.dev.Axpy(0.5, x, y); return a.dev.Sync() }}
}

func (a *area) uploading(n int) speedOf {
	pixels, dst := make([]uint8, n), a.buffer(n)
	return speedOf{what: fmt.Sprintf("upload of %d MB of pixels", n>>20), bytes: float64(n),
		run: func() error { return errors.Join(a.dev.UploadPixels(dst, pixels), a.dev.Sync()) }}
}

func (a *area) launching(n int) speedOf {
	x := a.buffer(256)
	return speedOf{what: fmt.Sprintf("%d small kernels", n), run: func() error {
		for range n {
			a.dev.Fill(x, 1)
		}
		return a.dev.Sync()
	}}
}

// stepping is a gradient step.
func (t *selfTest) stepping(preset string, b, length int) speedOf {
	cfg, err := rssm.Preset(preset)
	s := speedOf{what: fmt.Sprintf("gradient step, %s, %d×%d", preset, b, length), operations: cfg.StepOperations(b, length, 2)}
	var trainer *rssm.Trainer
	batch := &rssm.Batch{B: b, T: length, Pixels: make([]uint8, b*length*rssm.Pixels),
		Actions: make([]float32, 2*b*length), Rewards: make([]float32, b*length)}
	rand.New(rand.NewSource(1)).Read(batch.Pixels)
	s.run = func() error {
		if err != nil {
			return err
		}
		if trainer == nil {
			params, err := rssm.NewParams(cfg, 2, 1)
			if err != nil {
				return err
			}
			if trainer, err = rssm.NewTrainer(params, t.dev, 1); err != nil {
				return err
			}
		}
		_, err := trainer.Update(batch)
		return err
	}
	s.close = func() error {
		if trainer == nil {
			return nil
		}
		return trainer.Close()
	}
	return s
}
