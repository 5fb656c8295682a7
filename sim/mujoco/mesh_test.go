package mujoco

import (
	"fmt"
	"math"
	"testing"

	"github.com/latco-studio/latco/render"
)

// drawnMesh returns the surface of the only geom.
func drawnMesh(t *testing.T, xml string) *render.Mesh {
	t.Helper()
	m, d := load(t, xml)
	s, err := m.NewScene()
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := d.Forward(); err != nil {
		t.Fatal(err)
	}
	var view render.Scene
	if err := s.Update(d, &view); err != nil {
		t.Fatal(err)
	}
	if len(view.Geoms) != 1 || view.Geoms[0].Shape != render.Meshed || view.Geoms[0].Mesh == nil {
		t.Fatalf("drawn: %+v", view.Geoms)
	}
	return view.Geoms[0].Mesh
}

const meshScene = `<mujoco><asset><mesh name="m" vertex="%s"/></asset><worldbody><geom type="mesh" mesh="m"/></worldbody></mujoco>`

// A box has edges: every normal is its face's. A fine drum is round: normals differ
// from the faces', yet not at the rims.
func TestMeshNormals(t *testing.T) {
	box, drum := "", ""
	for i := range 8 {
		box += fmt.Sprintf("%d %d %d ", i&1, i>>1&1, i>>2)
	}
	for i := range 48 {
		s, c := math.Sincos(2 * math.Pi * float64(i/2) / 24)
		drum += fmt.Sprintf("%g %g %d ", c, s, i%2)
	}
	for name, c := range map[string]struct {
		vertices string
		least    float32 // cosine between the normals of corners and face
		smooth   bool
	}{"box": {box, 0.9999, false}, "drum": {drum, 0.98, true}} {
		m := drawnMesh(t, fmt.Sprintf(meshScene, c.vertices))
		smooth := false
		for _, f := range m.Faces {
			flat := faceNormal(m.Vertices[f[0]], m.Vertices[f[1]], m.Vertices[f[2]])
			for _, v := range f {
				cosine := dot(flat, m.Normals[v])
				smooth = smooth || cosine < 0.9995
				if cosine < c.least {
					t.Fatalf("%s: normal %v at a face that looks along %v", name, m.Normals[v], flat)
				}
			}
		}
		if smooth != c.smooth {
			t.Errorf("%s: smooth is %v", name, smooth)
		}
	}
}

// The ground of a height field is met at its elevation, and its walls close it.
func TestHeightField(t *testing.T) {
	const scene = `<mujoco><asset><hfield name="h" nrow="%d" ncol="%d" size="2 1 .5 .25"/></asset><worldbody><geom type="hfield" hfield="h"/></worldbody></mujoco>`
	m := drawnMesh(t, fmt.Sprintf(scene, 5, 9))
	if m.Lo != [3]float32{-2, -1, -0.25} || m.Hi[0] != 2 || m.Hi[1] != 1 {
		t.Errorf("bounds %v to %v", m.Lo, m.Hi)
	}
	if want := 2*4*8 + 2*2*(4+8); len(m.Faces) != want {
		t.Errorf("%d faces, want %d", len(m.Faces), want)
	}
	g := render.Geom{Shape: render.Meshed, Mesh: m, Mat: [9]float32{0: 1, 4: 1, 8: 1}}
	for _, ray := range []render.Ray{
		{Origin: [3]float64{0.3, 0.2, 9}, Dir: [3]float64{0, 0, -1}}, {Origin: [3]float64{9, 0.2, -0.1}, Dir: [3]float64{-1, 0, 0}},
		{Origin: [3]float64{-9, 0.2, -0.1}, Dir: [3]float64{1, 0, 0}}, {Origin: [3]float64{0.3, 9, -0.1}, Dir: [3]float64{0, -1, 0}},
		{Origin: [3]float64{0.3, -9, -0.1}, Dir: [3]float64{0, 1, 0}},
	} {
		if _, ok := g.Intersect(ray); !ok {
			t.Errorf("ray %v passes", ray)
		}
	}
	if big := drawnMesh(t, fmt.Sprintf(scene, 1000, 2)); len(big.Faces) > 3*2*finest {
		t.Errorf("%d faces of a field of 1000 rows", len(big.Faces))
	}
}
