package simtest

import (
	"math"
	"reflect"
	"testing"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

func scene(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 3)
	var s, later render.Scene
	in.Scene(&s)
	if len(s.Geoms) == 0 || s.Extent <= 0 {
		t.Fatalf("scene of %d geoms, extent %g", len(s.Geoms), s.Extent)
	}
	for _, g := range s.Geoms {
		if g.Ghost || g.RGBA[3] <= 0 || g.Texture < 0 || g.Texture > len(s.Textures) || !placed(g) {
			t.Errorf("bad geom %+v", g)
		}
	}
	for _, x := range s.Textures {
		if len(x.Pix) != 3*x.Width*x.Height || len(x.Pix) == 0 {
			t.Errorf("texture %s is %d×%d with %d bytes", x.Name, x.Width, x.Height, len(x.Pix))
		}
	}
	run(t, in, random(3), ts, 5)
	in.Scene(&later)
	if reflect.DeepEqual(s.Geoms, later.Geoms) {
		t.Error("nothing moved in five random steps")
	}
}

// placed says whether a geom's rotation is orthonormal and its place finite.
func placed(g render.Geom) bool {
	for i := range 3 {
		var norm float64
		for j := range 3 {
			norm += float64(g.Mat[3*i+j]) * float64(g.Mat[3*i+j])
		}
		if math.Abs(norm-1) > 1e-4 || math.IsNaN(float64(g.Pos[i])) || math.IsInf(float64(g.Pos[i]), 0) {
			return false
		}
	}
	return true
}

func sceneAllocs(t *testing.T, task sim.Task) {
	in, _ := open(t, task, 3)
	var s render.Scene
	in.Scene(&s)
	if n := testing.AllocsPerRun(100, func() { in.Scene(&s) }); n > 0 {
		t.Errorf("a frame allocates %g times", n)
	}
}

// ghost adds the present and another posture and finds the first where the real
// thing is, the scene and the state untouched.
func ghost(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 3)
	g, ok := in.(sim.Ghoster)
	if !ok {
		t.Skip("the task shows no ghosts")
	}
	here := in.State().QPos
	run(t, in, random(1), ts, 5)
	state := in.State()
	var s render.Scene
	in.Scene(&s)
	real := append([]render.Geom(nil), s.Geoms...)
	colour := [4]float32{0.2, 0.4, 0.6, 0.3}
	for _, qpos := range [][]float64{state.QPos, here} {
		if err := g.AddGhost(&s, qpos, colour); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(s.Geoms[:len(real)], real) || !reflect.DeepEqual(in.State(), state) {
		t.Error("ghosts changed the scene or the state")
	}
	ghosts := s.Geoms[len(real):]
	if len(ghosts) == 0 || len(ghosts)%2 != 0 {
		t.Fatalf("two ghosts of %d geoms", len(ghosts))
	}
	half := len(ghosts) / 2
	if !stands(ghosts[0], real) {
		t.Errorf("the ghost of the present is not where the present is: %+v", ghosts[0])
	}
	if reflect.DeepEqual(ghosts[:half], ghosts[half:]) {
		t.Error("ghosts of different postures look alike")
	}
	for _, x := range ghosts {
		if !x.Ghost || x.RGBA != colour {
			t.Errorf("no ghost: %+v", x)
		}
	}
	for _, bad := range [][]float64{nil, {math.NaN()}, append([]float64{math.NaN()}, here[1:]...)} {
		if err := g.AddGhost(&s, bad, colour); err == nil {
			t.Errorf("ghost at %v was accepted", bad)
		}
	}
}

func stands(g render.Geom, among []render.Geom) bool {
	for _, r := range among {
		if r.Object == g.Object {
			return r.Pos == g.Pos && r.Mat == g.Mat && r.Size == g.Size
		}
	}
	return false
}

// handles must belong to something in the scene, move it, and refuse NaN.
func handles(t *testing.T, task sim.Task) {
	in, _ := open(t, task, 3)
	var s render.Scene
	for _, h := range in.Handles() {
		in.Scene(&s)
		before := find(s, h.Object)
		if h.Name == "" || before == nil {
			t.Fatalf("handle %q of %+v is not in the scene", h.Name, h.Object)
		}
		was := before.Pos
		if err := h.Move([3]float64{float64(was[0]) * 0.9, float64(was[1])*0.9 + 0.05, float64(was[2])}); err != nil {
			t.Fatal(err)
		}
		in.Scene(&s)
		if find(s, h.Object).Pos == was {
			t.Errorf("handle %q moved nothing", h.Name)
		}
		state := in.State()
		if err := h.Move([3]float64{math.NaN(), 0, 0}); err == nil {
			t.Errorf("handle %q was moved to NaN", h.Name)
		}
		if !reflect.DeepEqual(in.State(), state) {
			t.Errorf("handle %q: a refused move changed the state", h.Name)
		}
	}
}

func find(s render.Scene, o render.Object) *render.Geom {
	for i := range s.Geoms {
		if s.Geoms[i].Object == o {
			return &s.Geoms[i]
		}
	}
	return nil
}

// mouse pulls every body that moves, and lets go: later steps must be as if it
// had never been there, once the state is restored.
func mouse(t *testing.T, task sim.Task) {
	in, ts := open(t, task, 3)
	p, ok := in.(sim.Perturber)
	if !ok {
		t.Skip("the task has no mouse spring")
	}
	start := in.State()
	want := run(t, in, random(4), ts, 10)
	for body := 0; ; body++ {
		name, pos, _ := p.Body(body)
		if body > 0 && name == "" {
			break
		}
		if err := in.SetState(start); err != nil {
			t.Fatal(err)
		}
		p.Perturb(body, [3]float64{}, [3]float64{pos[0] + 0.3, pos[1] - 0.2, pos[2]})
		pulled := run(t, in, random(4), ts, 10)
		p.Release()
		if err := sim.CheckFinite("observation", pulled[9].Obs); err != nil {
			t.Fatalf("pulled %s: %v", name, err)
		}
		same(t, want, replay(t, in, start, want))
	}
}
