// What all programs of one picture share. Colours are linear; see tone.glsl.
const int MAX_LIGHTS = 8;

struct Light {
	vec4 place;    // xyz: position (w = 1) or direction towards the light (w = 0)
	vec4 diffuse;  // rgb
	vec4 specular; // rgb
};

layout(std140) uniform Frame {
	mat4 viewProj;   // world → clip, y down so that rows are read top first
	mat4 shadowProj; // world → shadow map coordinates in [0, 1]
	vec4 eye;        // xyz
	vec4 ambient;    // rgb: of all lights together
	vec4 horizon;    // rgb: sky; w: 1 / distance at which endless planes fade, 1/m
	vec4 zenith;     // rgb: sky
	vec4 shadow;     // x: texel, map units; y: texel, m
	Light head;      // at the eye
	Light lights[MAX_LIGHTS];
};
