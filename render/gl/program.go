package gl

import (
	"fmt"
	"strings"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/resources"
)

// frameBinding is the uniform buffer slot of frame.glsl.
const frameBinding = 0

// texture units
const (
	imageUnit = iota
	shadowUnit
	cubeUnit
)

// program is a linked pair of shaders.
type program struct {
	id       uint32
	uniforms map[string]int32
}

// newProgram compiles shaders/<name>.vert.glsl and .frag.glsl behind the
// definitions and the parts they share, and looks up the named uniforms.
func newProgram(name, defines string, uniforms ...string) (*program, error) {
	p := &program{id: gl.CreateProgram(), uniforms: map[string]int32{}}
	for kind, ext := range map[uint32]string{gl.VERTEX_SHADER: ".vert.glsl", gl.FRAGMENT_SHADER: ".frag.glsl"} {
		if err := p.attach(kind, defines, name+ext); err != nil {
			p.delete()
			return nil, fmt.Errorf("gl: compiling %s%s: %w", name, ext, err)
		}
	}
	gl.LinkProgram(p.id)
	if err := status(p.id, gl.LINK_STATUS, gl.GetProgramiv, gl.GetProgramInfoLog); err != nil {
		p.delete()
		return nil, fmt.Errorf("gl: linking %s: %w", name, err)
	}
	if block := gl.GetUniformBlockIndex(p.id, gl.Str("Frame\x00")); block != gl.INVALID_INDEX {
		gl.UniformBlockBinding(p.id, block, frameBinding)
	}
	for _, u := range uniforms {
		p.uniforms[u] = gl.GetUniformLocation(p.id, gl.Str(u+"\x00"))
	}
	return p, nil
}

func (p *program) attach(kind uint32, defines, file string) error {
	source := "#version 330 core\n" + defines
	for _, part := range []string{"frame.glsl", "tone.glsl", file} {
		text, err := resources.Shaders.ReadFile("shaders/" + part)
		if err != nil {
			return err
		}
		source += "#line 1\n" + string(text)
	}
	shader := gl.CreateShader(kind)
	defer gl.DeleteShader(shader)
	text, free := gl.Strs(source + "\x00")
	defer free()
	gl.ShaderSource(shader, 1, text, nil)
	gl.CompileShader(shader)
	if err := status(shader, gl.COMPILE_STATUS, gl.GetShaderiv, gl.GetShaderInfoLog); err != nil {
		return err
	}
	gl.AttachShader(p.id, shader)
	return nil
}

// status turns a failed compilation or link into an error with its log.
func status(id, what uint32, get func(uint32, uint32, *int32), log func(uint32, int32, *int32, *uint8)) error {
	var ok, n int32
	if get(id, what, &ok); ok == gl.TRUE {
		return nil
	}
	get(id, gl.INFO_LOG_LENGTH, &n)
	text := make([]byte, max(n, 1))
	log(id, n, nil, &text[0])
	return fmt.Errorf("%s", strings.TrimRight(string(text), "\x00\n"))
}

func (p *program) delete() { gl.DeleteProgram(p.id) }

func (p *program) use() { gl.UseProgram(p.id) }

func (p *program) setInt(uniform string, v int32) { gl.Uniform1i(p.uniforms[uniform], v) }
