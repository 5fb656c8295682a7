// Software OpenGL pays for both sides of every branch, and for every uniform it
// reads here ten times the price of an interpolated value. So what differs
// between surfaces and scenes is decided when this is compiled, and geom.vert
// does what it can:
//   TEXTURED, GLOSSY, MIRROR, ENDLESS  the surface has, or is, that
//   WRAPPED                            its texture is a cube around it
//   MAPPED                             its vertices say where in the texture they are
//   HEAD                               the headlight is on
//   LIGHTS                             number of other lights
//   CASTER                             index of the light that casts shadow
//   SOFT                               its shadows get soft edges
//   CARRIED                            geom.vert hands on the colours of the lights

in vec3 normal;
in vec3 toEye; // m
#ifdef WRAPPED
in vec3 outward; // of a cube's middle, any length
#else
in vec2 uv;
#endif
#if LIGHTS > 0
in vec3 toLight[LIGHTS]; // any length
#endif
flat in vec4 rgba;
flat in vec4 surface; // emission, specular, power of the highlight, reflectance
#ifdef ENDLESS
flat in vec4 haze; // the horizon
#endif
#ifdef CARRIED
flat in vec3 around;
flat in vec3 headDiffuse;
flat in vec3 headSpecular;
#if LIGHTS > 0
flat in vec3 lightDiffuse[LIGHTS];
flat in vec3 lightSpecular[LIGHTS];
#endif
#define DIFFUSE(i) lightDiffuse[i]
#define SPECULAR(i) lightSpecular[i]
#else
#define around ambient.rgb
#define headDiffuse head.diffuse.rgb
#define headSpecular head.specular.rgb
#define DIFFUSE(i) lights[i].diffuse.rgb
#define SPECULAR(i) lights[i].specular.rgb
#endif

uniform sampler2D image;
uniform samplerCube cube;
uniform sampler2DShadow shadowMap;

out vec4 pixel;

#ifdef CASTER
in vec4 inShadow; // homogeneous shadow map coordinates

// lit is the share of the casting light that arrives: percentage-closer
// filtering over one or four bilinear taps.
float lit() {
	vec3 s = inShadow.xyz / inShadow.w;
#ifdef SOFT
	float d = 0.8 * shadow.x;
	float sum = 0.25 * (textureLod(shadowMap, s + vec3(d, d * 0.4, 0.0), 0.0)
		+ textureLod(shadowMap, s + vec3(-d * 0.4, d, 0.0), 0.0)
		+ textureLod(shadowMap, s + vec3(-d, -d * 0.4, 0.0), 0.0)
		+ textureLod(shadowMap, s + vec3(d * 0.4, -d, 0.0), 0.0));
#else
	float sum = textureLod(shadowMap, s, 0.0);
#endif
	// Beyond its edges the map knows nothing.
	vec2 edge = abs(s.xy - 0.5);
	return max(edge.x, edge.y) < 0.5 && inShadow.w > 0.0 ? sum : 1.0;
}
#endif

// shine is Blinn's highlight with Schlick's rational stand-in for the power.
float shine(float cosine) { return cosine / (surface.z - surface.z * cosine + cosine); }

void main() {
	vec3 n = normalize(normal), v = normalize(toEye);
	float frontal = max(dot(n, v), 0.0);
	vec3 base = rgba.rgb;
#ifdef TEXTURED
	base *= texture(image, uv).rgb;
#endif
#ifdef WRAPPED
	base *= texture(cube, outward).rgb;
#endif
	base = linear(base);

	// Light from everywhere comes more from above.
	vec3 diffuse = around * (0.8 + 0.2 * n.z) + surface.x;
	vec3 specular = vec3(0.0);
#ifdef HEAD
	diffuse += headDiffuse * frontal;
#ifdef GLOSSY
	specular += headSpecular * shine(frontal);
#endif
#endif
#if LIGHTS > 0
	for (int i = 0; i < LIGHTS; i++) {
		vec3 l = normalize(toLight[i]);
		float facing = dot(n, l);
		float arriving = 1.0;
#ifdef CASTER
		if (i == CASTER) arriving = lit();
#endif
		diffuse += DIFFUSE(i) * (max(facing, 0.0) * arriving);
#ifdef GLOSSY
		float cosine = max(dot(n, normalize(l + v)), 0.0);
		specular += SPECULAR(i) * (clamp(8.0 * facing, 0.0, 1.0) * arriving * shine(cosine));
#endif
	}
#endif
	vec3 colour = base * diffuse + specular * (0.5 * surface.y);

#ifdef MIRROR
	float grazing = 1.0 - frontal;
	grazing *= grazing;
	colour = mix(colour, sky(reflect(-v, n).z), 0.6 * surface.w * (0.15 + 0.85 * grazing * grazing));
#endif
#ifdef ENDLESS
	float far = length(toEye) * haze.w;
	float near = 1.0 / (1.0 + far * far);
	colour = mix(haze.rgb, colour, near * near);
#endif
	pixel = vec4(display(colour), rgba.a);
}
