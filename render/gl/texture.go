package gl

import (
	"fmt"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// textures caches uploads by the identity of their pixels.
type textures struct {
	of    map[*byte]*texture
	clock int
}

type texture struct {
	id   uint32
	used int
}

// keepTextures is for how many pictures an unused texture stays, so that
// scenes drawn in turn do not upload theirs again.
const keepTextures = 500

// tick starts a picture and drops what has not been used for long.
func (ts *textures) tick() {
	ts.clock++
	for key, t := range ts.of {
		if ts.clock-t.used > keepTextures {
			gl.DeleteTextures(1, &t.id)
			delete(ts.of, key)
		}
	}
}

// get returns the GL name of a texture, uploading it the first time.
func (ts *textures) get(t *render.Texture) (uint32, error) {
	if n := t.Width * t.Height * 3; n <= 0 || n != len(t.Pix) {
		return 0, fmt.Errorf("gl: texture %q of %d×%d has %d bytes", t.Name, t.Width, t.Height, len(t.Pix))
	}
	key := &t.Pix[0]
	if have, ok := ts.of[key]; ok {
		have.used = ts.clock
		return have.id, nil
	}
	if ts.of == nil {
		ts.of = map[*byte]*texture{}
	}
	up := &texture{used: ts.clock}
	gl.GenTextures(1, &up.id)
	gl.ActiveTexture(gl.TEXTURE0 + imageUnit)
	gl.BindTexture(gl.TEXTURE_2D, up.id)
	gl.PixelStorei(gl.UNPACK_ALIGNMENT, 1)
	gl.TexImage2D(gl.TEXTURE_2D, 0, gl.RGB8, int32(t.Width), int32(t.Height), 0, gl.RGB, gl.UNSIGNED_BYTE, gl.Ptr(t.Pix))
	gl.GenerateMipmap(gl.TEXTURE_2D)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR)
	gl.TexParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR)
	ts.of[key] = up
	return up.id, glError("uploading texture " + t.Name)
}

func (ts *textures) delete() {
	for _, t := range ts.of {
		gl.DeleteTextures(1, &t.id)
	}
	ts.of = nil
}
