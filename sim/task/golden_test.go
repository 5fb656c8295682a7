package task_test

import (
	"image"
	"image/draw"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/render/gl"
	"github.com/latco-studio/latco/render/gl/egl"
	"github.com/latco-studio/latco/render/rendertest"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/task"
)

// The contact sheets have the tasks in menu order.
const sheetColumns = 5

var (
	observationSize = image.Pt(64, 64)
	freeSize        = image.Pt(64, 48)
)

// Every task looks as it did: what a model sees, and what a person sees.
func TestGoldenTasks(t *testing.T) {
	renderer := openRenderer(t)
	observations, free := newSheet(observationSize), newSheet(freeSize)
	for i, tk := range task.All() {
		scene, track := begun(t, tk)
		observations.add(t, i, renderer, scene, moved(tk.Camera, track))
		free.add(t, i, renderer, scene, moved(tk.FreeCamera, track))
	}
	rendertest.Golden(t, observations.picture, "observations", observationSize)
	rendertest.Golden(t, free.picture, "free", freeSize)
}

func openRenderer(t testing.TB) *gl.Renderer {
	t.Helper()
	context, err := egl.Open()
	if err != nil {
		t.Fatal(err)
	}
	renderer, err := gl.New(context, gl.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { renderer.Close() })
	return renderer
}

// begun is the scene at the start of an episode and how far cameras follow it.
func begun(t *testing.T, tk sim.Task) (*render.Scene, [3]float64) {
	t.Helper()
	in, err := tk.New(nil)
	if err != nil {
		t.Fatalf("%s: %v", tk.Name, err)
	}
	defer in.Close()
	if _, err := in.Reset(1); err != nil {
		t.Fatalf("%s: %v", tk.Name, err)
	}
	scene := new(render.Scene)
	in.Scene(scene)
	if f, ok := in.(sim.Tracker); ok {
		return scene, f.Track()
	}
	return scene, [3]float64{}
}

func moved(c render.Camera, by [3]float64) render.Camera {
	for k := range by {
		c.LookAt[k] += by[k]
	}
	return c
}

// sheet is a picture of many.
type sheet struct {
	picture *image.RGBA
	tile    *image.RGBA
}

func newSheet(size image.Point) *sheet {
	rows := (len(task.All()) + sheetColumns - 1) / sheetColumns
	return &sheet{image.NewRGBA(image.Rect(0, 0, sheetColumns*size.X, rows*size.Y)), image.NewRGBA(image.Rectangle{Max: size})}
}

func (s *sheet) add(t *testing.T, i int, r render.Renderer, scene *render.Scene, c render.Camera) {
	t.Helper()
	if err := r.Draw(s.tile, scene, c); err != nil {
		t.Fatalf("%s: %v", task.All()[i].Name, err)
	}
	size := s.tile.Rect.Size()
	at := image.Pt(i%sheetColumns*size.X, i/sheetColumns*size.Y)
	draw.Draw(s.picture, s.tile.Rect.Add(at), s.tile, image.Point{}, draw.Src)
}
