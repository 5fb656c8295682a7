package planningtest

// Regulator is a double integrator with quadratic costs and the actions that
// minimise them over h steps, by the scalar Riccati recursion written out for
// its two states. z = [x, v, u]: position, velocity, last action;
//
//	x′ = x + v/2, v′ = v + a/2, u′ = a, r = −(x² + 0.1 v² + 0.5 u²).
//
// From the returned feature the optimal actions are within ±1.
func Regulator(h int) (m *Model, feature []float64, actions []float64) {
	const dt, qx, qv, qu = 0.5, 1.0, 0.1, 0.5
	m = &Model{
		Z: 3, A: 1,
		Step: func(z, a, _, next, dz, da []float64) {
			next[0], next[1], next[2] = z[0]+dt*z[1], z[1]+dt*a[0], a[0]
			if dz != nil {
				dz[0], dz[1], dz[4] = 1, dt, 1
				da[1], da[2] = dt, 1
			}
		},
		Reward: func(z, grad []float64) float64 {
			if grad != nil {
				grad[0] -= 2 * qx * z[0]
				grad[1] -= 2 * qv * z[1]
				grad[2] -= 2 * qu * z[2]
			}
			return -(qx*z[0]*z[0] + qv*z[1]*z[1] + qu*z[2]*z[2])
		},
	}
	feature = []float64{0.6, 0.2, 0}

	// Cost-to-go a·x² + 2b·xv + c·v² behind the last state; gains kx, kv.
	a, b, c := 0.0, 0.0, 0.0
	kx, kv := make([]float64, h), make([]float64, h)
	for t := h - 1; t >= 0; t-- {
		// The next state is paid for: qx x′² + qv v′² + qu u².
		p, q, r := a+qx, b, c+qv
		// minimise p x′² + 2q x′v′ + r v′² + qu u² over u, v′ = v + dt·u.
		uu := qu + r*dt*dt
		ux := q * dt         // u·x
		uv := q*dt*dt + r*dt // u·v
		xv := p*dt + q       // x·v
		vv := p*dt*dt + 2*q*dt + r
		kx[t], kv[t] = ux/uu, uv/uu
		a, b, c = p-ux*ux/uu, xv-ux*uv/uu, vv-uv*uv/uu
	}
	x, v := feature[0], feature[1]
	for t := range h {
		u := -kx[t]*x - kv[t]*v
		actions = append(actions, u)
		x, v = x+dt*v, v+dt*u
	}
	return m, feature, actions
}
