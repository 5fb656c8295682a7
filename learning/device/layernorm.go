package device

// Normaliser has layer normalisation (Ba, Kiros & Hinton 2016, arXiv:1607.06450,
// eq. 4) of matrices of n rows and d ≥ 1 columns. With the mean of a row
// μ = Σ_j x_j/d and its variance σ² = Σ_j (x_j−μ)²/d, that of a population,
//
//	x̂ = (x − μ)/√(σ² + ε)    y = act(gain∘x̂ + bias)
//
// gain and bias having a number a column. ε ≥ 0 has the unit of x squared; above 0
// it makes x̂ = 0 of a row of equal numbers, such as one of a single column, which is
// NaN otherwise. Where all of a row is far from 0 digits are lost to float32's x alone.
type Normaliser interface {
	// LayerNorm fills y (n×d) and, kept for the gradient, norm = x̂ (n×d) and
	// inverse = 1/√(σ²+ε) (n). norm may have no rows: then neither is kept. y may
	// be x.
	LayerNorm(act Activation, epsilon float32, x Mat, gain, bias Buffer, y, norm Mat, inverse Buffer)
	// LayerNormBackward takes dy (n×d) back to dx (n×d), dgain and dbias (d), which
	// are overwritten: with p = dy∘act′, act′ from the output y, and q = gain∘p
	//
	//	dx = inverse·(q − Σ_j q_j/d − x̂·Σ_j q_j·x̂_j/d)    dgain = Σ_rows p∘x̂    dbias = Σ_rows p
	//
	// dx may have no rows: not wanted. It may be dy.
	LayerNormBackward(act Activation, y, dy Mat, gain Buffer, norm Mat, inverse Buffer, dx Mat, dgain, dbias Buffer)
}
