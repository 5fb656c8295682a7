package engine

import (
	"cmp"
	"context"
	"fmt"
	"image"

	"github.com/latco-studio/latco/render"
)

// maxSide bounds an image asked for by hand; more than any GL accepts is an
// error of the renderer.
const maxSide = 8192

// RenderOne draws one frame of a task: as the model sees it (camera task) or as
// the window shows it (free).
func RenderOne(ctx context.Context, o RenderOptions) (*image.RGBA, error) {
	parts, err := o.Parts.orReal()
	if err != nil {
		return nil, err
	}
	task, err := parts.task(o.Task)
	if err != nil {
		return nil, err
	}
	cameras := map[string]render.Camera{"task": task.Camera, "free": task.FreeCamera}
	camera, ok := cameras[cmp.Or(o.Camera, "task")]
	if !ok {
		return nil, &UnknownNameError{"camera", o.Camera, []string{"task", "free"}}
	}
	w, h := cmp.Or(o.Width, Pixels), cmp.Or(o.Height, Pixels)
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return nil, fmt.Errorf("size %d×%d: want 1 to %d each", w, h, maxSide)
	}
	inst, _, err := begin(task, o.Settings, o.Seed, o.QPos, o.QVel)
	if err != nil {
		return nil, err
	}
	defer inst.Close()
	announce(inst, o.Notice)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	renderer, err := parts.NewRenderer()
	if err != nil {
		return nil, fmt.Errorf("opening the renderer: %w", err)
	}
	defer renderer.Close()
	var scene render.Scene
	inst.Scene(&scene)
	frame := image.NewRGBA(image.Rect(0, 0, w, h))
	if err := renderer.Draw(frame, &scene, Tracking(camera, inst)); err != nil {
		return nil, fmt.Errorf("rendering %d×%d: %w", w, h, err)
	}
	return frame, nil
}
