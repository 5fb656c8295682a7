// Element by element: bias and activation, copies, products with a diagonal.

#include "activation.cuh"
#include "rows.cuh"

KERNEL(bias_act, BiasAct, 256, 4) {
	EACH(p.rows, p.cols) {
		float v = AT(p.y, col);
		if (p.bias) v += p.bias[col];
		AT(p.y, col) = activate(p.act, v);
	}
}

KERNEL(act_backward, ActBackward, 256, 4) {
	EACH(p.rows, p.cols) AT(p.dpre, col) = derive(p.act, AT(p.y, col), AT(p.dy, col));
}

KERNEL(copy_rows, CopyRows, 256, 4) {
	EACH(p.rows, p.cols) AT(p.dst, col) = AT(p.src, col);
}

KERNEL(add_rows, CopyRows, 256, 4) {
	EACH(p.rows, p.cols) AT(p.dst, col) += AT(p.src, col);
}

// dst may be src where both have the same rows: every thread reads before it
// writes the same element.
KERNEL(mul_rows, MulRows, 256, 4) {
	EACH(p.rows, p.cols) {
		const uint32_t of = (uint32_t)row % (uint32_t)p.srcRows, by = (uint32_t)row / (uint32_t)p.each; // 64 bits divide slowly
		float v = p.src.at[of * p.src.stride + col] * p.scale.at[by * p.scale.stride + col];
		if (p.beta != 0.0f) v += p.beta * AT(p.dst, col);
		AT(p.dst, col) = v;
	}
}
