// Scene colours are display values, as MuJoCo's are. Light is added up in
// linear space (gamma 2, which needs no pow) and comes back through a curve
// that is the identity up to KNEE, so that a surface under light 1 has nearly
// the colour it was given, and that levels off smoothly at white.
const float KNEE = 0.75;

vec3 linear(vec3 display) { return display * display; }

vec3 display(vec3 light) {
	vec3 c = sqrt(light);
	vec3 over = clamp(c - KNEE, 0.0, 2.0 * (1.0 - KNEE));
	return min(c, 2.0 - KNEE) - over * over * (0.25 / (1.0 - KNEE));
}

vec3 sky(float up) { return mix(horizon.rgb, zenith.rgb, sqrt(clamp(up, 0.0, 1.0))); }
