layout(location = 0) in vec4 vertex;
layout(location = 2) in vec4 row0;
layout(location = 3) in vec4 row1;
layout(location = 4) in vec4 row2;
layout(location = 5) in vec4 size;

void main() {
	vec4 p = vec4(vertex.xyz * size.xyz + vec3(0.0, 0.0, vertex.w * size.w), 1.0);
	vec4 q = shadowProj * vec4(dot(row0, p), dot(row1, p), dot(row2, p), 1.0);
	gl_Position = vec4(2.0 * q.xyz - q.w, q.w); // map coordinates → clip
}
