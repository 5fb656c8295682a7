uniform mat4 unproject; // clip → world directions
out vec3 direction;

void main() {
	vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
	direction = (unproject * vec4(corner, 1.0, 1.0)).xyz;
	gl_Position = vec4(corner, 1.0, 1.0);
}
