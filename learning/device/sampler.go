package device

// Sampler has what a search over sequences does beside a model: draw, limit,
// weigh, fit (cross-entropy method, MPPI). Equal calls give equal results on
// every device: Normals to the bit, the others to rounding.
type Sampler interface {
	// Normals fills dst with standard normals: dst[i][j] is number
	// (row+i)·Cols+j of a stream of seed in package philox.
	Normals(seed, stream uint64, row int, dst Mat)
	// Perturb: x = mean + std∘x row by row, limited to ±1, in place. NaN stays.
	Perturb(mean, std Buffer, x Mat)
	// Elites fills weights (n) with 1/k for the k greatest of x (n), 1 ≤ k ≤ n,
	// and 0 for the others. Of equal ones the earlier are greater. If one of x is
	// NaN or infinite, every weight is NaN.
	Elites(k int, x, weights Buffer)
	// Softmax: weights = exp(gamma·x)/Σ exp(gamma·x), without overflow. If one of
	// x is NaN or infinite, every weight is NaN.
	Softmax(gamma float32, x, weights Buffer)
	// Fit: mean = Σ_i w_i·x_i and std = √(Σ_i w_i·(x_i−mean)² + floor) over the
	// rows of x. The weights sum to 1; rows without weight are not read unless
	// one is NaN, which makes mean and std NaN.
	Fit(weights Buffer, x Mat, floor float32, mean, std Buffer)
}
