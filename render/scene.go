// Package render describes what is to be drawn as plain data (Scene, Geom,
// Light, Camera) and what draws it (Renderer). It has no C and no GL: package
// render/gl implements Renderer, package sim fills Scenes.
package render

import "image"

// Shape is the kind of a Geom. Sizes follow MuJoCo's conventions.
type Shape uint8

const (
	Plane     Shape = iota // Size: half x, half y (0 = infinite)
	Sphere                 // Size[0]: radius
	Capsule                // Size[0]: radius, Size[2]: half length along z
	Ellipsoid              // Size: three radii
	Cylinder               // Size[0]: radius, Size[2]: half length along z
	Box                    // Size: three half sizes
	Arrow                  // Size[0]: radius, Size[2]: length along +z
	Meshed                 // triangles of Geom.Mesh, not scaled; Size: half sizes of what a texture is spread over
)

// Object says what a Geom belongs to in the simulation, for picking.
type Object struct {
	Kind ObjectKind
	Body int // body that carries it, −1 if none
	ID   int // index of the geom or site, −1 if none
}

// ObjectKind tells collision geoms from sites and from decoration.
type ObjectKind uint8

const (
	Decoration ObjectKind = iota
	BodyGeom
	Site
)

// Geom is one primitive, placed in world coordinates (metres, z up).
type Geom struct {
	Shape  Shape
	Object Object
	Size   [3]float32
	Pos    [3]float32
	Mat    [9]float32 // rotation, row-major, local to world
	Mesh   *Mesh      // for shape Meshed
	RGBA   [4]float32 // colour as displayed under light 1, 0..1; A < 1 is drawn in the translucent pass

	Emission, Specular, Shininess, Reflectance float32 // 0..1, MuJoCo's material terms

	Texture    int        // index in Scene.Textures plus one; 0 = none
	TexRepeat  [2]float32 // repetitions per unit of length when TexUniform, else per object
	TexUniform bool

	Ghost      bool // an imagined state: translucent, casts no shadow, is not picked
	GhostLayer int  // ghosts of one layer show one surface, without inner edges; ≥ 0
}

// Light is a directional or point light. Scenes without lights get a headlight.
type Light struct {
	Pos, Dir    [3]float32
	Directional bool
	CastShadow  bool
	Ambient     [3]float32
	Diffuse     [3]float32
	Specular    [3]float32
}

// Scene is everything a Renderer needs besides the camera. The owner refills it
// in place every frame; slices keep their capacity.
type Scene struct {
	Geoms    []Geom
	Lights   []Light
	Textures []Texture     // immutable after the model is loaded
	Sky      [2][3]float32 // colour at the horizon and overhead; both black: a pale blue
	Head     Light         // light at the camera; used by default when there are no Lights
	Extent   float32       // size of the interesting region, metres
	Centre   [3]float32    // its middle
}

// Texture is an immutable RGB image. Alike ones share what a Renderer makes of them.
type Texture struct {
	Name          string
	Width, Height int
	Pix           []byte // Width×Height×3, first row at the bottom
	// Cube says that the image is wrapped around things: six squares below one
	// another, or one for all sides, in the order and orientation of OpenGL's cube
	// maps. Directions are the geom's local axes, scaled by Size unless TexUniform.
	Cube bool
}

// Renderer draws scenes into images. An implementation may be called from one
// goroutine at a time; it finds its own OS thread.
type Renderer interface {
	// Draw renders the scene as seen by the camera, filling dst entirely.
	Draw(dst *image.RGBA, s *Scene, c Camera) error
	// Close frees the context. The Renderer cannot be used afterwards.
	Close() error
}
