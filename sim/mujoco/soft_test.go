package mujoco

import (
	"math"
	"strings"
	"testing"

	"github.com/latco-studio/latco/render"
)

// A strip of cloth of four corners between a fixed body and one that slides.
const stripOf = `<mujoco><asset>
 <texture name="weave" type="2d" builtin="checker" width="8" height="8" rgb1="1 0 0" rgb2="0 0 1"/>
 <material name="weave" texture="weave" rgba="1 1 1 1"/>SKIN-BEFORE-3</asset>SKIN
<worldbody>
 <body name="left" pos="-1 0 1"><geom size="0.05"/></body>
 <body name="right" pos="1 0 1"><joint name="slide" type="slide" axis="0 0 1"/><geom size="0.05"/></body>
</worldbody></mujoco>`

const strip = `<skin name="strip" material="weave" vertex="-1 -1 1  -1 1 1  1 -1 1  1 1 1" texcoord="0 0 0 1 1 0 1 1" face="0 2 1  2 3 1">
 <bone body="left" bindpos="-1 0 1" bindquat="1 0 0 0" vertid="0 1" vertweight="1 1"/>
 <bone body="right" bindpos="1 0 1" bindquat="1 0 0 0" vertid="2 3" vertweight="1 1"/>
</skin>`

func stripXML(t *testing.T) string {
	t.Helper()
	version, err := Version()
	if err != nil {
		t.Fatal(err)
	}
	before, after := strip, ""
	if !strings.HasPrefix(version, "2.") {
		before, after = "", "<deformable>"+strip+"</deformable>"
	}
	return strings.NewReplacer("SKIN-BEFORE-3", before, "SKIN", after).Replace(stripOf)
}

// A skin is drawn as a mesh that goes with its bones.
func TestSkin(t *testing.T) {
	m, err := Load("strip", []byte(stripXML(t)))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if n := m.Undrawn(); n != nil {
		t.Errorf("left out: %q", n)
	}
	d, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var last *render.Mesh
	for _, height := range []float64{0, 0.5} {
		d.QPos[0] = height
		if err := d.Kinematics(); err != nil {
			t.Fatal(err)
		}
		var view render.Scene
		if err := s.Update(d, &view); err != nil {
			t.Fatal(err)
		}
		g := softGeom(t, &view)
		if g.Mesh == last {
			t.Error("two moments share a mesh")
		}
		last = g.Mesh
		if g.Texture != 1 || len(g.Mesh.TexCoords) != 4 || len(g.Mesh.Faces) != 2 {
			t.Errorf("texture %d, %d texture coordinates, %d faces", g.Texture, len(g.Mesh.TexCoords), len(g.Mesh.Faces))
		}
		for i, want := range [][3]float64{{-1, -1, 1}, {-1, 1, 1}, {1, -1, 1 + height}, {1, 1, 1 + height}} {
			for k, x := range g.Mesh.Vertices[i] {
				if got := float64(x + g.Pos[k]); math.Abs(got-want[k]) > 1e-6 {
					t.Errorf("slide at %g: vertex %d is at %g along axis %d, want %g", height, i, got, k, want[k])
				}
			}
		}
		if n := g.Mesh.Normals[0]; n[2] < 0.9 {
			t.Errorf("slide at %g: normal %v, want upwards", height, n)
		}
		if got := float64(g.Mesh.Hi[2] - g.Mesh.Lo[2]); math.Abs(got-height) > 1e-6 || math.Abs(float64(g.Mesh.Hi[0])-1) > 1e-6 {
			t.Errorf("slide at %g: box from %v to %v", height, g.Mesh.Lo, g.Mesh.Hi)
		}
	}
}

func softGeom(t *testing.T, s *render.Scene) *render.Geom {
	t.Helper()
	for i := range s.Geoms {
		if s.Geoms[i].Shape == render.Meshed {
			return &s.Geoms[i]
		}
	}
	t.Fatalf("nothing that bends in %+v", s.Geoms)
	return nil
}

// A flexible body is drawn with the surface that it has at present.
func TestFlex(t *testing.T) {
	if version, err := Version(); err != nil || strings.HasPrefix(version, "2.") {
		t.Skipf("MuJoCo %s knows no flexible bodies", version)
	}
	m, err := Load("cloth", []byte(`<mujoco><worldbody>
 <flexcomp name="cloth" type="grid" dim="2" count="4 3 1" spacing="0.1 0.1 0.1" pos="0 0 1" radius="0.01" rgba="0 1 0 1">
  <edge equality="true"/>
 </flexcomp>
</worldbody></mujoco>`))
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	d, err := m.NewData()
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var view render.Scene
	for _, fallen := range []bool{false, true} {
		if fallen {
			if err := d.Step(100); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.Forward(); err != nil {
			t.Fatal(err)
		}
		if err := s.Update(d, &view); err != nil {
			t.Fatal(err)
		}
		g := softGeom(t, &view)
		if g.RGBA != [4]float32{0, 1, 0, 1} || len(g.Mesh.Faces) < 2*3*2 || len(g.Mesh.Vertices) != 3*len(g.Mesh.Faces) {
			t.Errorf("colour %v, %d faces, %d vertices", g.RGBA, len(g.Mesh.Faces), len(g.Mesh.Vertices))
		}
		if math.Abs(float64(g.Pos[2])-1) < 0.05 == fallen || math.Abs(float64(g.Mesh.Hi[0])-0.15) > 0.03 {
			t.Errorf("fallen %v: middle at %v, box to %v", fallen, g.Pos, g.Mesh.Hi)
		}
	}
}
