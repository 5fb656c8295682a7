// Package gl draws render.Scenes with OpenGL 3.3 core into images, without a
// window. Shapes are instanced, one light casts a filtered shadow, edges are
// multisampled, translucent things are sorted and show only their nearest
// surface, and every pixel comes out opaque. The same scene gives the same
// pixels on the same driver, whatever was drawn before.
//
// A Renderer owns an OS thread on which its context is current; callers need
// not know. The context comes from package egl (the default) or glfw (a hidden
// window). go-gl keeps its function pointers in global variables, so one
// process can use one kind of context only.
package gl
