package gl

import (
	"errors"
	"fmt"
	"image"
	"math"

	"github.com/latco-studio/latco/render"
)

// maxTiles is how many pictures share a framebuffer.
const maxTiles = 64

// DrawTiles draws many pictures of one size, such as the observations of many
// environments, for less than Draw would cost one by one: they share a
// framebuffer that is resolved and waited for once. scenes[i] as seen by
// cameras[i] goes to dst[i]. After an error the pictures are not defined.
func (r *Renderer) DrawTiles(dst []*image.RGBA, scenes []*render.Scene, cameras []render.Camera) error {
	if len(scenes) != len(dst) || len(cameras) != len(dst) {
		return fmt.Errorf("gl: %d images, %d scenes, %d cameras: want as many of each", len(dst), len(scenes), len(cameras))
	}
	for i, d := range dst {
		if err := errors.Join(r.checkSize(d), checkCamera(cameras[i])); err != nil {
			return fmt.Errorf("picture %d: %w", i, err)
		}
		if d.Rect.Size() != dst[0].Rect.Size() {
			return fmt.Errorf("gl: picture %d is %v, picture 0 %v: want one size", i, d.Rect.Size(), dst[0].Rect.Size())
		}
	}
	for len(dst) > 0 {
		n := min(len(dst), maxTiles, r.tilesThatFit(dst[0].Rect.Size()))
		var err error
		if stopped := r.thread.Call(func() { err = r.paintTiles(dst[:n], scenes, cameras) }); stopped != nil {
			return stopped
		}
		if err != nil {
			return err
		}
		dst, scenes, cameras = dst[n:], scenes[n:], cameras[n:]
	}
	return nil
}

// tilesThatFit is the size of the largest square of tiles the driver can have.
func (r *Renderer) tilesThatFit(size image.Point) int {
	side := r.maxSize / max(size.X, size.Y)
	return side * side
}

// paintTiles runs on the thread.
func (r *Renderer) paintTiles(dst []*image.RGBA, scenes []*render.Scene, cameras []render.Camera) error {
	size := dst[0].Rect.Size()
	columns := int(math.Ceil(math.Sqrt(float64(len(dst)))))
	rows := (len(dst) + columns - 1) / columns
	t, err := r.targets.get(columns*size.X, rows*size.Y)
	if err != nil {
		return err
	}
	place := func(i int) tile { return tile{i % columns * size.X, i / columns * size.Y, size.X, size.Y} }
	t.clear()
	for i := range dst {
		if err := r.painter.paint(t, place(i), scenes[i], cameras[i]); err != nil {
			return fmt.Errorf("picture %d: %w", i, err)
		}
	}
	t.resolve()
	for i, d := range dst {
		t.copyTo(d, place(i))
	}
	return glError("reading the pictures")
}
