// Activations, their derivatives, and the functions behind Gaussians.
#ifndef LATCO_ACTIVATION_CUH
#define LATCO_ACTIVATION_CUH

#include "cuda.cuh"
#include "params.h"

// activate is the activation, NaN kept. All curves are made of one exponential, so
// that an epilogue of 64 results stays short: with e = eˣ−1 taken at
// x, −x and −2|x| they are e, 1/(2+e) and −e/(2+e) with the sign of x.
INLINE float activate(int act, float x) {
	if (act == IDENTITY) return x;
	if (act == RELU) return x < 0.0f ? 0.0f : x;
	const float e = expm1f(act == ELU ? fminf(x, 0.0f) : act == SIGMOID ? -x : -2.0f * fabsf(x));
	if (act == ELU) return x < 0.0f ? e : x;
	return act == SIGMOID ? 1.0f / (2.0f + e) : copysignf(-e / (2.0f + e), x);
}

INLINE float sigmoid(float x) { return 1.0f / (1.0f + expf(-x)); }

// softplus is log(1 + eˣ) without overflow.
INLINE float softplus(float x) { return fmaxf(x, 0.0f) + log1pf(expf(-fabsf(x))); }

// derive is dy·act′ with the derivative expressed by y = act(x).
INLINE float derive(int act, float y, float dy) {
	switch (act) {
	case RELU: return y > 0.0f ? dy : 0.0f;
	case ELU: return y > 0.0f ? dy : dy * (y + 1.0f);
	case SIGMOID: return dy * y * (1.0f - y);
	case TANH: return dy * (1.0f - y * y);
	}
	return dy;
}

INLINE float4 derive4(int act, float4 y, float4 dy) {
	return make_float4(derive(act, y.x, dy.x), derive(act, y.y, dy.y), derive(act, y.z, dy.z), derive(act, y.w, dy.w));
}

#endif
