// The GRU cell behind its matrix products, in both forms (device.Recurrent).
// Columns of gx, gh and gates are z, r, n, u each.

#include "activation.cuh"
#include "rows.cuh"

KERNEL(gru, Gru, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float z = sigmoid(AT(p.gx, col) + AT(p.gh, col));
		float r = sigmoid(AT(p.gx, u + col) + AT(p.gh, u + col));
		float n = tanhf(AT(p.gx, 2 * u + col) + r * AT(p.gh, 2 * u + col));
		AT(p.gates, col) = z;
		AT(p.gates, u + col) = r;
		AT(p.gates, 2 * u + col) = n;
		AT(p.next, col) = z * AT(p.h, col) + (1.0f - z) * n;
	}
}

KERNEL(gru_backward, GruBackward, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float z = AT(p.gates, col), r = AT(p.gates, u + col), n = AT(p.gates, 2 * u + col), d = AT(p.dnext, col);
		float dz = d * (AT(p.h, col) - n) * z * (1.0f - z);
		float dn = d * (1.0f - z) * (1.0f - n * n);
		float dr = dn * AT(p.gh, 2 * u + col) * r * (1.0f - r);
		AT(p.dgx, col) = dz;
		AT(p.dgx, u + col) = dr;
		AT(p.dgx, 2 * u + col) = dn;
		AT(p.dgh, col) = dz;
		AT(p.dgh, u + col) = dr;
		AT(p.dgh, 2 * u + col) = dn * r;
		AT(p.dh, col) = d * z;
	}
}

KERNEL(gru_gates, GruGates, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float r = sigmoid(AT(p.gx, u + col) + AT(p.gh, u + col));
		AT(p.gates, col) = sigmoid(AT(p.gx, col) + AT(p.gh, col));
		AT(p.gates, u + col) = r;
		AT(p.reset, col) = r * AT(p.h, col);
	}
}

KERNEL(gru_blend, GruBlend, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float n = tanhf(AT(p.gx, 2 * u + col) + AT(p.gn, col)), z = AT(p.gates, col);
		AT(p.gates, 2 * u + col) = n;
		AT(p.next, col) = z * AT(p.h, col) + (1.0f - z) * n;
	}
}

KERNEL(gru_blend_backward, GruBlendBackward, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float z = AT(p.gates, col), n = AT(p.gates, 2 * u + col), d = AT(p.dnext, col);
		AT(p.dgx, col) = d * (AT(p.h, col) - n) * z * (1.0f - z);
		AT(p.dgx, 2 * u + col) = d * (1.0f - z) * (1.0f - n * n);
		AT(p.dh, col) = d * z;
	}
}

// dreset may lie in another column of dgx than the one filled here.
KERNEL(gru_gates_backward, GruGatesBackward, 256, 4) {
	const int u = p.u;
	EACH(p.n, u) {
		float r = AT(p.gates, u + col), d = AT(p.dreset, col);
		AT(p.dgx, u + col) = d * AT(p.h, col) * r * (1.0f - r);
		AT(p.dh, col) += d * r;
	}
}
