layout(location = 0) in vec4 vertex; // xyz: unit shape; w: how much of length is added to z
layout(location = 1) in vec3 vertexNormal;

// One of these per geom.
layout(location = 2) in vec4 row0; // rotation, local to world; w: position
layout(location = 3) in vec4 row1;
layout(location = 4) in vec4 row2;
layout(location = 5) in vec4 size;     // xyz: scale, w: length
layout(location = 6) in vec4 colour;   // display values
layout(location = 7) in vec4 material; // emission, specular, shininess, reflectance
layout(location = 8) in vec4 mapping;  // uv = xy·st + zw; WRAPPED: scale of three axes

#ifdef MAPPED
layout(location = 9) in vec2 texCoord;
#endif

out vec3 normal;
out vec3 toEye;
#ifdef WRAPPED
out vec3 outward;
#else
out vec2 uv;
#endif
#if LIGHTS > 0
out vec3 toLight[LIGHTS];
#endif
flat out vec4 rgba;
flat out vec4 surface;
#ifdef ENDLESS
flat out vec4 haze;
#endif
#ifdef CARRIED
flat out vec3 around;
flat out vec3 headDiffuse;
flat out vec3 headSpecular;
#if LIGHTS > 0
flat out vec3 lightDiffuse[LIGHTS];
flat out vec3 lightSpecular[LIGHTS];
#endif
#endif
#ifdef CASTER
out vec4 inShadow;
#endif
invariant gl_Position;

void main() {
	vec3 local = vertex.xyz * size.xyz + vec3(0.0, 0.0, vertex.w * size.w);
	vec4 p = vec4(local, 1.0);
	vec3 world = vec3(dot(row0, p), dot(row1, p), dot(row2, p));
	vec3 n = vertexNormal / max(size.xyz, vec3(1e-6));
	normal = normalize(vec3(dot(row0.xyz, n), dot(row1.xyz, n), dot(row2.xyz, n)));
	toEye = eye.xyz - world;
#if LIGHTS > 0
	for (int i = 0; i < LIGHTS; i++) toLight[i] = lights[i].place.xyz - world * lights[i].place.w;
#endif
#ifdef WRAPPED
	outward = local * mapping.xyz;
#else
#ifdef MAPPED
	vec2 st = texCoord;
#else
	// Textures lie in the xy plane; on flat sides they follow the side.
	bool isCorner = dot(vertex.xyz, vertex.xyz) > 2.5; // of a box
	bvec2 side = bvec2(isCorner && vertexNormal.x != 0.0, isCorner && vertexNormal.y != 0.0);
	vec2 st = side.x ? local.yz : side.y ? local.xz : local.xy;
#endif
	uv = st * mapping.xy + mapping.zw;
#endif
	rgba = colour;
	surface = vec4(material.xy, exp2(3.0 + 6.0 * material.z), material.w);
#ifdef ENDLESS
	haze = horizon;
#endif
#ifdef CARRIED
	around = ambient.rgb;
	headDiffuse = head.diffuse.rgb;
	headSpecular = head.specular.rgb;
#if LIGHTS > 0
	for (int i = 0; i < LIGHTS; i++) {
		lightDiffuse[i] = lights[i].diffuse.rgb;
		lightSpecular[i] = lights[i].specular.rgb;
	}
#endif
#endif
#ifdef CASTER
	// Moving the receiver along its normal hides the map's own steps.
	inShadow = shadowProj * vec4(world + normal * (1.6 * shadow.y), 1.0);
#endif
	gl_Position = viewProj * vec4(world, 1.0);
}
