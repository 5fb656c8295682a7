package purego

import "github.com/latco-studio/latco/learning/device"

// GRUJacobian: see device.GRUParts.
func (*Device) GRUJacobian(n int, p device.GRUParts, jacobian device.Buffer) {
	s, d, a, gates := p.Check(n, jacobian)
	z := s + d
	for i := range n {
		out := jacobian.Host[i*z*(a+z) : (i+1)*z*(a+z)]
		for r := range s {
			in, to := row(p.StochIn, i*s+r), out[r*(a+z):(r+1)*(a+z)]
			copy(to, in[s:])
			copy(to[a:], in[:s])
			copy(to[a+s:], row(p.StochDeter, i*s+r))
		}
		gate, keep := row(p.Gates, i), row(p.Keep, i)
		for r := range d {
			to := out[(s+r)*(a+z) : (s+r+1)*(a+z)]
			for c := range a {
				to[c] = row(p.DeterIn, i*(s+a)+s+c)[r]
			}
			for c := range s {
				to[a+c] = row(p.DeterIn, i*(s+a)+c)[r]
			}
			for c := range d {
				var sum float32
				if c == r {
					sum = keep[r]
				}
				for g := range gates {
					sum += gate[g*d+r] * row(p.Recur, c)[g*d+r]
				}
				sum *= p.Scale
				if p.Through.Rows > 0 {
					sum += row(p.Through, i*d+r)[c]
				}
				to[a+s+c] = sum
			}
		}
	}
}
