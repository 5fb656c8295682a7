package gl

import (
	"crypto/sha256"
	"fmt"
	"weak"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// textures caches images by what they show: every opening of a task brings pixels of
// its own, which are alike. It keeps none of those pixels alive.
type textures struct {
	uploads[motif, texture]
	known map[weak.Pointer[byte]]motif // what living pixels show
}

// motif is what an image shows.
type motif struct {
	width, height int
	cube          bool
	digest        [sha256.Size]byte
}

// motif reads the pixels the first time it meets them.
func (ts *textures) motif(t *render.Texture) motif {
	at := weak.Make(&t.Pix[0])
	if m, ok := ts.known[at]; ok && m.width == t.Width && m.height == t.Height && m.cube == t.Cube {
		return m
	}
	m := motif{t.Width, t.Height, t.Cube, sha256.Sum256(t.Pix)}
	if ts.known == nil {
		ts.known = map[weak.Pointer[byte]]motif{}
	}
	ts.known[at] = m
	return m
}

// tick starts a picture and forgets pixels that are gone.
func (ts *textures) tick() {
	for at := range ts.known {
		if at.Value() == nil {
			delete(ts.known, at)
		}
	}
	ts.uploads.tick()
}

// texture is an image on the GPU.
type texture struct{ id uint32 }

func (t texture) delete() { gl.DeleteTextures(1, &t.id) }

// bind makes a texture the one that is drawn with, uploading it the first time.
func (ts *textures) bind(t *render.Texture) error {
	if n := t.Width * t.Height * 3; n <= 0 || n != len(t.Pix) {
		return fmt.Errorf("gl: texture %q of %d×%d has %d bytes", t.Name, t.Width, t.Height, len(t.Pix))
	}
	shown := ts.motif(t)
	if have, ok := ts.find(shown); ok {
		gl.ActiveTexture(unitOf(t))
		gl.BindTexture(kindOf(t), have.id)
		return nil
	}
	return ts.upload(t, shown)
}

func unitOf(t *render.Texture) uint32 {
	if t.Cube {
		return gl.TEXTURE0 + cubeUnit
	}
	return gl.TEXTURE0 + imageUnit
}

func kindOf(t *render.Texture) uint32 {
	if t.Cube {
		return gl.TEXTURE_CUBE_MAP
	}
	return gl.TEXTURE_2D
}

// upload leaves the texture bound.
func (ts *textures) upload(t *render.Texture, shown motif) error {
	var up texture
	kind := kindOf(t)
	gl.GenTextures(1, &up.id)
	gl.ActiveTexture(unitOf(t))
	gl.BindTexture(kind, up.id)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	if t.Cube {
		side := min(t.Width, t.Height)
		for face := range 6 {
			first := face * 3 * t.Width * side
			if t.Height < 6*side {
				first = 0 // all sides are alike
			}
			texImage(gl.TEXTURE_CUBE_MAP_POSITIVE_X+uint32(face), side, side, t.Pix[first:])
		}
		gl.TexParameteri(kind, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE)
		gl.TexParameteri(kind, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE)
	} else {
		texImage(kind, t.Width, t.Height, t.Pix)
	}
	gl.GenerateMipmap(kind)
	gl.TexParameteri(kind, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR)
	gl.TexParameteri(kind, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
	ts.keep(shown, up, t.Width*t.Height*texelBytes*4/3) // with its mipmaps
	return glError("uploading texture " + t.Name)
}

// texelBytes is what drivers store for three bytes of colour.
const texelBytes = 4

func texImage(kind uint32, width, height int, pix []byte) {
	gl.TexImage2D(kind, 0, gl.RGB8, int32(width), int32(height), 0, gl.RGB, gl.UNSIGNED_BYTE, gl.Ptr(pix))
}
