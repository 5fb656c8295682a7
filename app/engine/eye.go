package engine

import (
	"fmt"
	"image"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// drawer is the part of a render.Renderer that goroutines share.
type drawer interface {
	Draw(dst *image.RGBA, s *render.Scene, c render.Camera) error
}

// eye sees a task as a world model does: 64×64 pixels from the task's camera.
// It belongs to one goroutine.
type eye struct {
	draw   drawer
	camera render.Camera
	scene  render.Scene
	frame  *image.RGBA // newest observation, 64×64
}

func newEye(draw drawer, task sim.Task) *eye {
	return &eye{draw: draw, camera: task.Camera, frame: image.NewRGBA(image.Rect(0, 0, Pixels, Pixels))}
}

// look renders the present state and fills pixels (64×64×3, RGB).
func (e *eye) look(inst sim.Instance, pixels []uint8) error {
	inst.Scene(&e.scene)
	if err := e.draw.Draw(e.frame, &e.scene, Tracking(e.camera, inst)); err != nil {
		return fmt.Errorf("rendering the observation: %w", err)
	}
	toRGB(pixels, e.frame)
	return nil
}

// Tracking is a task's camera moved along with what runs away.
func Tracking(c render.Camera, inst sim.Instance) render.Camera { return shifted(c, trackOf(inst)) }

// trackOf is how far the cameras of a task follow, m.
func trackOf(inst sim.Instance) [3]float64 {
	if t, ok := inst.(sim.Tracker); ok {
		return t.Track()
	}
	return [3]float64{}
}

// shifted is a camera moved by d, m.
func shifted(c render.Camera, d [3]float64) render.Camera {
	for i := range d {
		c.LookAt[i] += d[i]
	}
	return c
}

// snapshot is a copy of the newest observation.
func (e *eye) snapshot() *image.RGBA {
	c := image.NewRGBA(e.frame.Rect)
	copy(c.Pix, e.frame.Pix)
	return c
}

const frameBytes = Pixels * Pixels * 3

// toRGB drops alpha.
func toRGB(dst []uint8, src *image.RGBA) {
	for i, j := 0, 0; j < frameBytes; i, j = i+4, j+3 {
		dst[j], dst[j+1], dst[j+2] = src.Pix[i], src.Pix[i+1], src.Pix[i+2]
	}
}

// toImage makes an opaque image of RGB pixels.
func toImage(pixels []uint8) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, Pixels, Pixels))
	for i, j := 0, 0; j < frameBytes; i, j = i+4, j+3 {
		m.Pix[i], m.Pix[i+1], m.Pix[i+2], m.Pix[i+3] = pixels[j], pixels[j+1], pixels[j+2], 255
	}
	return m
}

// decodeStrip paints rows of latents (n×Z) as images.
func decodeStrip(m Mind, latents [][]float64) ([]*image.RGBA, error) {
	if len(latents) == 0 {
		return nil, nil
	}
	z := len(latents[0])
	flat := make([]float64, 0, len(latents)*z)
	for _, row := range latents {
		flat = append(flat, row...)
	}
	pixels := make([]uint8, len(latents)*frameBytes)
	if err := m.Decode(len(latents), flat, pixels); err != nil {
		return nil, fmt.Errorf("decoding %d latents: %w", len(latents), err)
	}
	strip := make([]*image.RGBA, len(latents))
	for i := range strip {
		strip[i] = toImage(pixels[i*frameBytes : (i+1)*frameBytes])
	}
	return strip, nil
}

// imagineStrip rolls actions through the model's means from a feature.
func imagineStrip(m Mind, feature []float64, actions [][]float64) ([]*image.RGBA, error) {
	model := m.Model()
	h, a, z := len(actions), model.ActionDim(), model.FeatureDim()
	flat := make([]float64, 0, h*a)
	for _, row := range actions {
		flat = append(flat, row...)
	}
	for i, u := range flat {
		flat[i] = min(1, max(-1, u))
	}
	latents := make([]float64, (h+1)*z)
	if err := model.Imagine(feature, flat, latents, make([]float64, h), nil); err != nil {
		return nil, fmt.Errorf("imagining %d steps: %w", h, err)
	}
	rows := make([][]float64, h+1)
	for t := range rows {
		rows[t] = latents[t*z : (t+1)*z]
	}
	return decodeStrip(m, rows)
}
