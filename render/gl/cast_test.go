package gl

import (
	"testing"

	"github.com/latco-studio/latco/render"
)

// What casts shadow casts it whether seen or not, and no finer than its texels.
func TestCasters(t *testing.T) {
	ball := func(r, x, alpha float32) render.Geom {
		return render.Geom{Shape: render.Sphere, Size: [3]float32{r}, Pos: [3]float32{x, 0, 0}, RGBA: [4]float32{1, 1, 1, alpha}}
	}
	s := &render.Scene{Geoms: []render.Geom{
		ball(0.01, 1, 1),
		ball(0.5, 1, 1),
		ball(0.5, 1, 0.5),  // translucent
		ball(0.05, -50, 1), // behind the camera
		{Shape: render.Plane, RGBA: [4]float32{1, 1, 1, 1}},
	}}
	l, view := list{ghosts: map[int]mean{}}, wideLens(render.Camera{Distance: 1})
	if err := l.take(s, view); err != nil {
		t.Fatal(err)
	}
	l.cast(s, 0.01)
	l.arrange(s, view)
	got := map[int]detail{}
	for _, it := range l.casters {
		got[it.geom] = it.detail
	}
	if len(got) != 3 || got[0] != 0 || got[1] <= hexagonal || got[3] < got[0] || got[3] > got[1] {
		t.Errorf("casters and their details: %v", got)
	}
	for _, it := range l.items {
		if it.geom == 3 {
			t.Error("what is behind the camera is in the picture")
		}
	}
	if n := len(l.items) + len(l.casters); n != len(l.instances) {
		t.Errorf("%d instances of %d", len(l.instances), n)
	}
}
