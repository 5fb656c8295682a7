package mujoco

// #include "mj.h"
import "C"

import (
	"fmt"
	"unsafe"

	"github.com/latco-studio/latco/render"
)

// Scene translates a Data into render.Scene, by way of MuJoCo's abstract
// visualisation. Objects of groups 0 to 2 are shown.
type Scene struct {
	m    *Model
	p    *C.mjx_scene
	tint map[render.Object][4]float32
	// faces are those of each thing that bends, by its kind and index.
	faces map[[2]C.int32_t][][3]uint32
}

// NewScene makes a translator. What it leaves out is in Undrawn.
func (m *Model) NewScene() (*Scene, error) {
	if err := m.retain(); err != nil {
		return nil, err
	}
	s := &Scene{m: m, p: C.mjx_new_scene(m.p), tint: map[render.Object][4]float32{},
		faces: map[[2]C.int32_t][][3]uint32{}}
	if s.p == nil {
		m.release()
		return nil, &FatalError{"make a scene for " + m.name, "out of memory"}
	}
	return s, nil
}

// maxLights is how many lights of a model are drawn: the first.
const maxLights = 8

// Undrawn says in sentences what of the model a scene leaves out; nil if nothing.
func (m *Model) Undrawn() []string {
	var notices []string
	for _, part := range []struct {
		n         int
		one, many string
	}{
		{int(C.mjx_flex_lines(m.p)), "a flexible line is not drawn", "flexible lines are not drawn"},
		{int(m.p.nlight) - maxLights, "a light beyond the first eight is not drawn", "lights beyond the first eight are not drawn"},
	} {
		switch {
		case part.n == 1:
			notices = append(notices, part.one)
		case part.n > 1:
			notices = append(notices, fmt.Sprintf("%d %s", part.n, part.many))
		}
	}
	return notices
}

// texture is the index of a texture in Scene.Textures plus one, 0 if none.
func (m *Model) texture(id int) int {
	if id < 0 {
		return 0
	}
	return m.images.index[id]
}

// TintGeom and TintSite give an object another colour than the model's, from the
// next Update on.
func (s *Scene) TintGeom(id int, rgba [4]float32) {
	s.tint[render.Object{Kind: render.BodyGeom, Body: s.m.GeomBody(id), ID: id}] = rgba
}

func (s *Scene) TintSite(id int, rgba [4]float32) {
	s.tint[render.Object{Kind: render.Site, Body: s.m.SiteBody(id), ID: id}] = rgba
}

// Update refills dst with what the data look like. Poses are those of the last
// Kinematics. It allocates nothing once dst has grown to size, but for things that
// bend, which have a new mesh every time.
func (s *Scene) Update(d *Data, dst *render.Scene) error {
	if s.p == nil || d.p == nil {
		return ErrClosed
	}
	if C.mjx_update_scene(s.m.p, d.p, s.p, d.c) != C.MJX_OK {
		return &FatalError{"update scene", C.GoString(&d.c.message[0])}
	}
	dst.Geoms = dst.Geoms[:0]
	for i := range s.geoms() {
		s.append(dst, &s.geoms()[i])
	}
	s.lights(dst)
	dst.Textures, dst.Sky = s.m.images.all, s.m.images.sky
	extent, centre := s.m.extent()
	dst.Extent = float32(extent)
	for i, x := range centre {
		dst.Centre[i] = float32(x)
	}
	return nil
}

// AddGhost appends the parts of another state that joints can move, in the given
// colour. Poses of d are those of its last Kinematics.
func (s *Scene) AddGhost(d *Data, dst *render.Scene, rgba [4]float32) error {
	if s.p == nil || d.p == nil {
		return ErrClosed
	}
	if C.mjx_ghost_scene(s.m.p, d.p, s.p, d.c) != C.MJX_OK {
		return &FatalError{"add ghost", C.GoString(&d.c.message[0])}
	}
	first := len(dst.Geoms)
	for i := range s.geoms() {
		s.append(dst, &s.geoms()[i])
	}
	for i := first; i < len(dst.Geoms); i++ {
		g := &dst.Geoms[i]
		g.RGBA, g.Ghost, g.Texture = rgba, true, 0
	}
	return nil
}

// Close frees the scene. It may be called twice.
func (s *Scene) Close() {
	if s.p != nil {
		C.mjx_free_scene(s.p)
		s.p = nil
		s.m.release()
	}
}

func (s *Scene) geoms() []C.mjx_geom { return unsafe.Slice(s.p.geoms, int(s.p.ngeom)) }

func (s *Scene) append(dst *render.Scene, from *C.mjx_geom) {
	form, ok := shape(from.shape)
	if !ok { // lines of sensors, and what Undrawn names
		return
	}
	g := render.Geom{
		Shape:     form,
		Object:    object(from),
		Size:      triple(&from.size),
		Pos:       triple(&from.pos),
		Mat:       *(*[9]float32)(unsafe.Pointer(&from.mat)),
		RGBA:      *(*[4]float32)(unsafe.Pointer(&from.rgba)),
		Emission:  float32(from.emission),
		Specular:  float32(from.specular),
		Shininess: float32(from.shininess),

		Reflectance: float32(from.reflectance),
		Texture:     s.m.texture(int(from.texture)),
		TexRepeat:   *(*[2]float32)(unsafe.Pointer(&from.repeat)),
		TexUniform:  from.uniform != 0,
	}
	if from.shape == C.mjGEOM_SKIN {
		g.Mesh, g.Pos = s.soft(from)
		g.Mat = [9]float32{0: 1, 4: 1, 8: 1}
	} else {
		g.Mesh = s.mesh(from)
	}
	if form == render.Meshed && g.Mesh == nil {
		return
	}
	if rgba, ok := s.tint[g.Object]; ok {
		g.RGBA = rgba
	}
	dst.Geoms = append(dst.Geoms, g)
}

// mesh is the surface of a mesh or height field, nil for other shapes.
func (s *Scene) mesh(g *C.mjx_geom) *render.Mesh {
	switch {
	case g.data < 0:
		return nil
	case g.shape == C.mjGEOM_HFIELD:
		return s.m.fields[g.data]
	}
	return s.m.meshes[g.data]
}

func (s *Scene) lights(dst *render.Scene) {
	dst.Lights, dst.Head = dst.Lights[:0], render.Light{}
	for i := range int(s.p.nlight) {
		from := &s.p.lights[i]
		l := render.Light{
			Pos: triple(&from.pos), Dir: triple(&from.dir),
			Directional: from.directional != 0, CastShadow: from.shadow != 0,
			Ambient: triple(&from.ambient), Diffuse: triple(&from.diffuse), Specular: triple(&from.specular),
		}
		if from.head != 0 {
			dst.Head = l
		} else if len(dst.Lights) < maxLights {
			dst.Lights = append(dst.Lights, l)
		}
	}
}

func shape(t C.int32_t) (render.Shape, bool) {
	switch t {
	case C.mjGEOM_PLANE:
		return render.Plane, true
	case C.mjGEOM_SPHERE:
		return render.Sphere, true
	case C.mjGEOM_CAPSULE:
		return render.Capsule, true
	case C.mjGEOM_ELLIPSOID:
		return render.Ellipsoid, true
	case C.mjGEOM_CYLINDER:
		return render.Cylinder, true
	case C.mjGEOM_BOX:
		return render.Box, true
	case C.mjGEOM_ARROW:
		return render.Arrow, true
	case C.mjGEOM_MESH, C.mjGEOM_HFIELD, C.mjGEOM_SKIN:
		return render.Meshed, true
	}
	return 0, false
}

func object(g *C.mjx_geom) render.Object {
	o := render.Object{Kind: render.Decoration, Body: int(g.body), ID: -1}
	switch g.object {
	case C.mjOBJ_GEOM:
		o.Kind, o.ID = render.BodyGeom, int(g.id)
	case C.mjOBJ_SITE:
		o.Kind, o.ID = render.Site, int(g.id)
	}
	return o
}

func triple(v *[3]C.float) [3]float32 { return *(*[3]float32)(unsafe.Pointer(v)) }
