// What all programs of one picture share. Colours are linear; see tone.glsl.
const int MAX_LIGHTS = 9;

struct Light {
	vec4 place;    // xyz: position (w = 1) or direction towards the light (w = 0)
	vec4 ambient;  // rgb
	vec4 diffuse;  // rgb
	vec4 specular; // rgb
};

layout(std140) uniform Frame {
	mat4 viewProj;   // world → clip, y down so that rows are read top first
	mat4 shadowProj; // world → shadow map coordinates in [0, 1]
	vec4 eye;        // xyz
	vec4 horizon;    // rgb: sky; w: distance at which endless planes fade, m
	vec4 zenith;     // rgb: sky
	vec4 shadow;     // x: index of the light that casts, −1 none; y: texel, map units; z: texel, m; w: number of lights
	Light lights[MAX_LIGHTS];
};
