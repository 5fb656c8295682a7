in vec3 direction;
out vec4 pixel;

void main() { pixel = vec4(display(sky(normalize(direction).z)), 1.0); }
