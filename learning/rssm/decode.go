package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// painted is the number of images decoded together.
const painted = 16

// painter is the workspace of the decoder.
type painter struct {
	arena
	ready   bool
	feature device.Mat // painted×Z
	dense   device.Mat // painted×DecoderUnits
	layers  [4]device.Buffer
	image   []float32
}

func (m *Model) reservePainter() error {
	p, c := &m.painter, &m.config
	if p.ready {
		return nil
	}
	p.feature, p.dense = p.mat(painted, c.Feature()), p.mat(painted, c.DecoderUnits)
	for i, s := range c.decoder(painted) {
		p.layers[i] = p.buffer(s.N * s.H * s.W * s.In)
	}
	if err := p.err; err != nil {
		p.free()
		return fmt.Errorf("world model, decoder: %w", err)
	}
	p.image = make([]float32, painted*Pixels)
	p.ready = true
	return nil
}

// Decode paints n features (n×Z) as images (n×64×64×3).
func (m *Model) Decode(n int, features []float64, pixels []uint8) error {
	width := m.config.Feature()
	if err := firstError(
		need("features", len(features), n*width),
		need("pixels", len(pixels), n*Pixels),
	); err != nil {
		return err
	}
	if err := m.reservePainter(); err != nil {
		return err
	}
	for lo := 0; lo < n; lo += painted {
		hi := min(n, lo+painted)
		if err := m.paint(features[lo*width:hi*width], pixels[lo*Pixels:hi*Pixels]); err != nil {
			return err
		}
	}
	return nil
}

func (m *Model) paint(features []float64, pixels []uint8) error {
	dev, p := m.dev, &m.painter
	n := len(pixels) / Pixels
	if err := m.upload(p.feature.Buffer, features); err != nil {
		return err
	}
	dense, l := first(p.dense, n), m.net.Decoder
	dev.Gemm(false, false, 1, first(p.feature, n), l.W.Mat(p.feature.Cols, dense.Cols), 0, dense)
	dev.BiasAct(device.Identity, l.B, dense)
	x := dense.Slice(0, n*dense.Cols)
	for i, s := range m.config.decoder(n) {
		l := m.net.Deconv[i]
		y := p.layers[i].Slice(0, n*s.H*s.W*s.In)
		dev.Deconv(s, deconvAct(i), x, l.W, l.B, y)
		x = y
	}
	image := p.image[:len(pixels)]
	if err := firstError(dev.Download(image, x), dev.Sync()); err != nil {
		return fmt.Errorf("world model, decoding: %w", err)
	}
	scale := float32(255)
	if m.config.ImageBits < 8 {
		scale = 256 // levels share [−0.5, 0.5) evenly
	}
	for i, v := range image {
		if v != v {
			return &NonFiniteError{Term: "decoded image", Value: float64(v)}
		}
		pixels[i] = uint8(min(255, max(0, (v+0.5)*scale+0.5)))
	}
	return nil
}
