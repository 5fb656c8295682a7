// Scene colours are display values, as MuJoCo's are. Light is added up in
// linear space (gamma 2, which needs no pow) and comes back through a curve
// that is the identity up to KNEE, so that a surface under light 1 has just
// the colour it was given, and rolls off smoothly above.
const float KNEE = 0.75;

vec3 linear(vec3 display) { return display * display; }

vec3 display(vec3 light) {
	vec3 c = sqrt(light);
	vec3 over = max(c - KNEE, 0.0) / (1.0 - KNEE);
	return min(c, KNEE) + (1.0 - KNEE) * over / (1.0 + 0.55 * over);
}

vec3 sky(float up) { return mix(horizon.rgb, zenith.rgb, sqrt(clamp(up, 0.0, 1.0))); }
