package gl

import (
	"bytes"
	"runtime"
	"testing"
	"weak"

	"github.com/latco-studio/latco/render"
)

// Images alike share a place on the GPU, and the cache keeps nobody's pixels alive.
func TestAlikeTexturesShareAnUpload(t *testing.T) {
	var ts textures
	gone := 0
	var drawn uploads[motif, thing] // in place of ts.uploads, without OpenGL
	for opening := range 50 {
		image := render.Texture{Name: "floor", Width: 64, Height: 64, Pix: bytes.Repeat([]byte{1, 2, 3}, 64*64)}
		if m := ts.motif(&image); opening > 0 {
			if _, ok := drawn.find(m); !ok {
				t.Fatalf("opening %d: not found", opening)
			}
		} else {
			drawn.keep(m, thing{&gone}, len(image.Pix))
		}
	}
	other := render.Texture{Width: 64, Height: 64, Pix: bytes.Repeat([]byte{1, 2, 4}, 64*64)}
	turned := render.Texture{Width: 32, Height: 128, Pix: other.Pix}
	wrapped := render.Texture{Width: 32, Height: 128, Pix: other.Pix, Cube: true}
	for _, image := range []*render.Texture{&other, &turned, &wrapped} {
		if _, ok := drawn.find(ts.motif(image)); ok {
			t.Errorf("%d×%d, cube %v: taken for another", image.Width, image.Height, image.Cube)
		}
		drawn.keep(ts.motif(image), thing{&gone}, len(image.Pix))
	}
	runtime.GC()
	ts.tick()
	if len(ts.known) != 1 {
		t.Errorf("%d arrays of pixels are known, one is alive", len(ts.known))
	}
	runtime.KeepAlive(other)
}

// What a mesh has on the GPU goes soon after the mesh.
func TestSolidsGoWithTheirMeshes(t *testing.T) {
	var u uploads[weak.Pointer[render.Mesh], thing]
	gone := 0
	kept := &render.Mesh{Name: "kept"}
	for _, m := range []*render.Mesh{kept, {Name: "one"}, {Name: "another"}} {
		u.keep(weak.Make(m), thing{&gone}, 100)
	}
	runtime.GC()
	dropOrphans(&u)
	if gone != 2 || u.bytes != 100 {
		t.Errorf("%d dropped, %d bytes left; want 2 and 100", gone, u.bytes)
	}
	runtime.KeepAlive(kept)
}
