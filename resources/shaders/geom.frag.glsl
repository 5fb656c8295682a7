in vec3 world;
in vec3 normal;
in vec2 uv;
flat in vec4 rgba;
flat in vec4 surface; // emission, specular, shininess, reflectance

uniform sampler2D image;
uniform sampler2DShadow shadowMap;
uniform bool textured;
uniform bool endless; // an infinite plane, which fades into the horizon

out vec4 pixel;

// lit is the share of the casting light that arrives, by percentage-closer
// filtering over 3×3 bilinear taps.
float lit(vec3 n, float facing) {
	if (facing <= 0.0) return 0.0;
	// Moving the receiver along its normal hides the map's own steps.
	vec4 q = shadowProj * vec4(world + n * (shadow.z * (2.5 - 1.5 * facing)), 1.0);
	vec3 s = q.xyz / q.w;
	if (q.w <= 0.0 || any(lessThan(s, vec3(0.0))) || any(greaterThan(s, vec3(1.0)))) return 1.0;
	float sum = 0.0;
	float d = 1.4 * shadow.y;
	for (int i = -1; i <= 1; i++)
		for (int j = -1; j <= 1; j++)
			sum += textureLod(shadowMap, vec3(s.xy + d * vec2(i, j), s.z), 0.0);
	return sum / 9.0;
}

void main() {
	vec3 n = normalize(normal), v = normalize(eye.xyz - world);
	vec3 base = rgba.rgb;
	if (textured) base *= texture(image, uv).rgb;
	base = linear(base);

	// A little light from everywhere, more of it from above.
	vec3 diffuse = vec3(0.10 + 0.05 * n.z);
	vec3 specular = vec3(0.0);
	float power = exp2(2.0 + 6.0 * surface.z);
	for (int i = 0; i < int(shadow.w); i++) {
		vec3 l = normalize(lights[i].place.xyz - world * lights[i].place.w);
		float facing = dot(n, l);
		float arriving = i == int(shadow.x) ? lit(n, facing) : 1.0;
		diffuse += lights[i].ambient.rgb + lights[i].diffuse.rgb * (max(facing, 0.0) * arriving);
		if (surface.y > 0.0 && facing > 0.0)
			specular += lights[i].specular.rgb * (arriving * pow(max(dot(n, normalize(l + v)), 0.0), power));
	}
	vec3 colour = base * (diffuse + surface.x) + specular * (0.5 * surface.y);

	float grazing = 1.0 - max(dot(n, v), 0.0);
	float grazing2 = grazing * grazing;
	float mirror = 0.6 * surface.w * (0.15 + 0.85 * grazing2 * grazing2);
	if (mirror > 0.0) colour = mix(colour, sky(reflect(-v, n).z), mirror);

	if (endless) {
		float far = length(eye.xyz - world) / horizon.w;
		colour = mix(sky(0.0), colour, exp2(-far * far));
	}
	pixel = vec4(display(colour), rgba.a);
}
