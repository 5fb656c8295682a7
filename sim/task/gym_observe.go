package task

// positions writes the positions but the first few, which say where on the plane the
// runner is and would tell nothing, and returns what is left of the observation.
func positions(w *world, obs []float64, hidden int) []float64 {
	return obs[copy(obs, w.QPos[hidden:]):]
}

// velocities writes the velocities and returns what is left.
func velocities(w *world, obs []float64) []float64 { return obs[copy(obs, w.QVel):] }

// clipped writes numbers cut to ±bound and returns what is left.
func clipped(obs, x []float64, bound float64) []float64 {
	for i, v := range x {
		obs[i] = min(max(v, -bound), bound)
	}
	return obs[len(x):]
}

// spatial writes vectors of each body, the world's included, and returns what is left.
func spatial(obs []float64, x [][6]float64) []float64 {
	for i := range x {
		obs = obs[copy(obs, x[i][:]):]
	}
	return obs
}

// inertias writes the inertia of each body, the world's included, and returns what is
// left.
func inertias(obs []float64, x [][10]float64) []float64 {
	for i := range x {
		obs = obs[copy(obs, x[i][:]):]
	}
	return obs
}
