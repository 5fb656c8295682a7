package resources

import "embed"

// Shaders holds the GLSL 3.30 sources of render/gl, under shaders/.
//
//go:embed shaders/*.glsl
var Shaders embed.FS
