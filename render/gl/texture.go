package gl

import (
	"fmt"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// textures caches images by the identity of their pixels.
type textures struct {
	uploads[*byte, texture]
}

// texture is an image on the GPU.
type texture struct{ id uint32 }

func (t texture) delete() { gl.DeleteTextures(1, &t.id) }

// bind makes a texture the one that is drawn with, uploading it the first time.
func (ts *textures) bind(t *render.Texture) error {
	if n := t.Width * t.Height * 3; n <= 0 || n != len(t.Pix) {
		return fmt.Errorf("gl: texture %q of %d×%d has %d bytes", t.Name, t.Width, t.Height, len(t.Pix))
	}
	if have, ok := ts.find(&t.Pix[0]); ok {
		gl.ActiveTexture(unitOf(t))
		gl.BindTexture(kindOf(t), have.id)
		return nil
	}
	return ts.upload(t)
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
func (ts *textures) upload(t *render.Texture) error {
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
	ts.keep(&t.Pix[0], up, len(t.Pix)*4/3)
	return glError("uploading texture " + t.Name)
}

func texImage(kind uint32, width, height int, pix []byte) {
	gl.TexImage2D(kind, 0, gl.RGB8, int32(width), int32(height), 0, gl.RGB, gl.UNSIGNED_BYTE, gl.Ptr(pix))
}
