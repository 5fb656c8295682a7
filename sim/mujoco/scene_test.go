package mujoco

import (
	"testing"

	"github.com/latco-studio/latco/render"
)

const gallery = `<mujoco>
  <visual><headlight ambient=".1 .2 .3" diffuse=".4 .5 .6" specular="0 0 0"/></visual>
  <statistic extent="2.5" center="1 2 3"/>
  <asset>
    <texture name="sky" type="skybox" builtin="flat" rgb1="0 0 1" rgb2="1 0 0" width="8" height="48"/>
    <texture name="chess" type="2d" builtin="checker" rgb1="1 1 1" rgb2="0 0 0" width="4" height="4"/>
    <material name="chess" texture="chess" texrepeat="3 5" texuniform="true" specular="0.25" shininess="0.75" reflectance="0.5" emission="0.125"/>
  </asset>
  <worldbody>
    <light pos="1 2 3" dir="0 0 -1" directional="true" diffuse=".7 .7 .7"/>
    <geom name="floor" type="plane" size="0 0 1" pos="5 6 0" material="chess"/>
    <geom name="hidden" type="sphere" size="1" group="4"/>
    <body name="ball" pos="0 0 2"><freejoint/>
      <geom name="ball" type="sphere" size="0.3" rgba="1 0 0 1"/>
      <geom name="rod" type="capsule" size="0.1 0.4" rgba="0 1 0 0.5"/>
    </body>
    <body name="arm" pos="1 0 0"><joint type="hinge" axis="0 0 1"/>
      <geom name="drum" type="cylinder" size="0.2 0.7"/>
      <geom name="egg" type="ellipsoid" size="0.1 0.2 0.3"/>
      <geom name="crate" type="box" size="0.4 0.5 0.6"/>
      <site name="mark" type="box" size="0.01 0.02 0.03" pos="0 0 1" rgba="0 0 1 1"/>
    </body>
  </worldbody>
</mujoco>`

func gallerySetUp(t *testing.T) (*Model, *Data, *Scene) {
	m, d := load(t, gallery)
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return m, d, s
}

func byName(t *testing.T, m *Model, view *render.Scene, name string) *render.Geom {
	t.Helper()
	id, err := m.Geom(name)
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range view.Geoms {
		if g.Object.Kind == render.BodyGeom && g.Object.ID == id {
			return &view.Geoms[i]
		}
	}
	return nil
}

func TestScene(t *testing.T) {
	m, d, s := gallerySetUp(t)
	var view render.Scene
	if err := s.Update(d, &view); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		shape render.Shape
		size  [3]float32 // components that render.Scene gives a meaning; −1 others
		body  int
	}{
		{"floor", render.Plane, [3]float32{0, 0, -1}, 0},
		{"ball", render.Sphere, [3]float32{0.3, -1, -1}, 1},
		{"rod", render.Capsule, [3]float32{0.1, -1, 0.4}, 1},
		{"drum", render.Cylinder, [3]float32{0.2, -1, 0.7}, 2},
		{"egg", render.Ellipsoid, [3]float32{0.1, 0.2, 0.3}, 2},
		{"crate", render.Box, [3]float32{0.4, 0.5, 0.6}, 2},
	} {
		g := byName(t, m, &view, c.name)
		if g == nil || g.Shape != c.shape || g.Object.Body != c.body || g.Ghost {
			t.Fatalf("%s is %+v", c.name, g)
		}
		for i, want := range c.size {
			if want >= 0 && g.Size[i] != want {
				t.Errorf("%s has sizes %v, want %v", c.name, g.Size, c.size)
			}
		}
	}
	if byName(t, m, &view, "hidden") != nil {
		t.Error("a geom of group 4 is shown")
	}
	floor := byName(t, m, &view, "floor")
	if floor.Pos != [3]float32{5, 6, 0} || floor.Texture != 1 || floor.TexRepeat != [2]float32{3, 5} || !floor.TexUniform {
		t.Errorf("floor: %+v", floor)
	}
	if floor.Specular != 0.25 || floor.Shininess != 0.75 || floor.Reflectance != 0.5 || floor.Emission != 0.125 {
		t.Errorf("material: %+v", floor)
	}
	if g := byName(t, m, &view, "rod"); g.RGBA != [4]float32{0, 1, 0, 0.5} || g.Pos != [3]float32{0, 0, 2} {
		t.Errorf("rod: %+v", g)
	}
}

func TestSceneSurroundings(t *testing.T) {
	_, d, s := gallerySetUp(t)
	var view render.Scene
	if err := s.Update(d, &view); err != nil {
		t.Fatal(err)
	}
	if view.Extent != 2.5 || view.Centre != [3]float32{1, 2, 3} {
		t.Errorf("extent %g around %v", view.Extent, view.Centre)
	}
	if len(view.Lights) != 1 || !view.Lights[0].Directional || view.Lights[0].Diffuse != [3]float32{.7, .7, .7} || view.Lights[0].Dir != [3]float32{0, 0, -1} {
		t.Errorf("lights: %+v", view.Lights)
	}
	if view.Head.Ambient != [3]float32{.1, .2, .3} || view.Head.Diffuse != [3]float32{.4, .5, .6} {
		t.Errorf("headlight: %+v", view.Head)
	}
	// A flat skybox has rgb1 above and around and rgb2 below.
	if view.Sky != [2][3]float32{{0, 0, 1}, {0, 0, 1}} {
		t.Errorf("sky: %v", view.Sky)
	}
	if len(view.Textures) != 1 {
		t.Fatalf("textures: %+v", view.Textures)
	}
	x := view.Textures[0]
	if x.Name != "chess" || x.Width != 4 || x.Height != 4 || len(x.Pix) != 48 || x.Pix[0] == x.Pix[6] {
		t.Errorf("texture: %+v", x)
	}
}

func TestTint(t *testing.T) {
	m, d, s := gallerySetUp(t)
	id, err := m.Site("mark")
	if err != nil {
		t.Fatal(err)
	}
	ball, err := m.Geom("ball")
	if err != nil {
		t.Fatal(err)
	}
	red, grey := [4]float32{1, 0, 0, 1}, [4]float32{.5, .5, .5, 1}
	s.TintSite(id, red)
	s.TintGeom(ball, grey)
	var view render.Scene
	if err := s.Update(d, &view); err != nil {
		t.Fatal(err)
	}
	found := false
	for _, g := range view.Geoms {
		if g.Object.Kind == render.Site {
			found = g.RGBA == red && g.Object == render.Object{Kind: render.Site, Body: 2, ID: id}
		}
	}
	if !found || byName(t, m, &view, "ball").RGBA != grey || byName(t, m, &view, "rod").RGBA == grey {
		t.Errorf("colours are not as set: %+v", view.Geoms)
	}
}

func TestGhost(t *testing.T) {
	m, d, s := gallerySetUp(t)
	other, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	other.QPos[2] = 9
	if err := other.Kinematics(); err != nil {
		t.Fatal(err)
	}
	var view render.Scene
	if err := s.Update(d, &view); err != nil {
		t.Fatal(err)
	}
	n := len(view.Geoms)
	blue := [4]float32{0, 0, 1, 0.3}
	if err := s.AddGhost(other, &view, blue); err != nil {
		t.Fatal(err)
	}
	if got := len(view.Geoms) - n; got != 6 { // two of the ball, three and a site of the arm, no floor
		t.Errorf("the ghost has %d geoms", got)
	}
	for _, g := range view.Geoms[n:] {
		if !g.Ghost || g.RGBA != blue || g.Object.Body == 0 {
			t.Errorf("no ghost: %+v", g)
		}
		if g.Object.Body == 1 && g.Pos[2] != 9 {
			t.Errorf("the ghost is at height %g, want 9", g.Pos[2])
		}
	}
	// The real scene is unharmed by having shown a ghost.
	if err := s.Update(d, &view); err != nil || len(view.Geoms) != n {
		t.Errorf("%d geoms afterwards, want %d (%v)", len(view.Geoms), n, err)
	}
}

func TestSceneAllocatesNothing(t *testing.T) {
	_, d, s := gallerySetUp(t)
	var view render.Scene
	work := func() {
		if err := s.Update(d, &view); err != nil {
			t.Fatal(err)
		}
	}
	work()
	if n := testing.AllocsPerRun(100, work); n > 0 {
		t.Errorf("%g allocations a frame", n)
	}
}
