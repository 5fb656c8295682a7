package ptx

import "math"

// Numbers in rows. NaN keeps no payload that a program could rely on: NVIDIA's
// arithmetic gives 0x7fffffff, Go's what the processor gives.
func single(u uint64) float32 { return math.Float32frombits(uint32(u)) }
func double(u uint64) float64 { return math.Float64frombits(u) }

func of(x float32) uint64 { return uint64(math.Float32bits(x)) }

func single1(f func(a float32) float32) operation {
	return operation{func(d, a, _, _ *row) {
		for l := range d {
			d[l] = of(f(single(a[l])))
		}
	}, 1}
}

func single2(f func(a, b float32) float32) operation {
	return operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = of(f(single(a[l]), single(b[l])))
		}
	}, 2}
}

func double1(f func(a float64) float64) operation {
	return operation{func(d, a, _, _ *row) {
		for l := range d {
			d[l] = math.Float64bits(f(double(a[l])))
		}
	}, 1}
}

func double2(f func(a, b float64) float64) operation {
	return operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = math.Float64bits(f(double(a[l]), double(b[l])))
		}
	}, 2}
}

// singles: without .rn an addition or product rounds to nearest as well (an
// assembler may fuse the two; this one does not). Approximations are rounded
// correctly, which is within the bounds of the ISA.
func singles() map[string]operation {
	add := operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = of(single(a[l]) + single(b[l]))
		}
	}, 2}
	sub := operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = of(single(a[l]) - single(b[l]))
		}
	}, 2}
	mul := operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = of(single(a[l]) * single(b[l]))
		}
	}, 2}
	fma := operation{func(d, a, b, c *row) {
		for l := range d {
			d[l] = of(fma32(single(a[l]), single(b[l]), single(c[l])))
		}
	}, 3}
	reciprocal := single1(func(a float32) float32 { return 1 / a })
	exp2 := func(a float32) float32 { return float32(math.Exp2(float64(a))) }
	log2 := func(a float32) float32 { return float32(math.Log2(float64(a))) }
	return map[string]operation{
		"add.f32": add, "add.rn.f32": add, "sub.f32": sub, "sub.rn.f32": sub, "mul.f32": mul, "mul.rn.f32": mul,
		"fma.rn.f32": fma,
		"fma.rm.f32": {func(d, a, b, c *row) {
			for l := range d {
				d[l] = of(down(oddSum(float64(single(a[l]))*float64(single(b[l])), float64(single(c[l])))))
			}
		}, 3},
		"add.rz.f32":         single2(func(a, b float32) float32 { return toZero(oddSum(float64(a), float64(b))) }),
		"div.rn.f32":         single2(func(a, b float32) float32 { return a / b }),
		"rcp.rn.f32":         reciprocal,
		"rcp.approx.ftz.f32": single1(func(a float32) float32 { return flush(1 / flush(a)) }),
		"sqrt.rn.f32":        single1(func(a float32) float32 { return float32(math.Sqrt(float64(a))) }),
		"ex2.approx.f32":     single1(exp2),
		"ex2.approx.ftz.f32": single1(func(a float32) float32 { return flush(exp2(flush(a))) }),
		"lg2.approx.f32":     single1(log2),
		"lg2.approx.ftz.f32": single1(func(a float32) float32 { return log2(flush(a)) }),
		"neg.f32":            single1(func(a float32) float32 { return -a }),
		"abs.f32":            single1(func(a float32) float32 { return math.Float32frombits(math.Float32bits(a) &^ (1 << 31)) }),
		"min.f32":            single2(func(a, b float32) float32 { return float32(least(float64(a), float64(b))) }),
		"max.f32":            single2(func(a, b float32) float32 { return float32(greatest(float64(a), float64(b))) }),
		"copysign.f32":       single2(func(a, b float32) float32 { return float32(math.Copysign(float64(b), float64(a))) }),
	}
}

// least and greatest: of a number and NaN the number; −0 is less than 0.
func least(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return math.Min(a, b)
}

func greatest(a, b float64) float64 {
	switch {
	case math.IsNaN(a):
		return b
	case math.IsNaN(b):
		return a
	}
	return math.Max(a, b)
}

func doubles() map[string]operation {
	add := double2(func(a, b float64) float64 { return a + b })
	mul := double2(func(a, b float64) float64 { return a * b })
	sub := double2(func(a, b float64) float64 { return a - b })
	return map[string]operation{
		"add.f64": add, "add.rn.f64": add, "sub.f64": sub, "sub.rn.f64": sub, "mul.f64": mul, "mul.rn.f64": mul,
		"div.rn.f64":  double2(func(a, b float64) float64 { return a / b }),
		"rcp.rn.f64":  double1(func(a float64) float64 { return 1 / a }),
		"sqrt.rn.f64": double1(math.Sqrt),
		"neg.f64":     double1(func(a float64) float64 { return -a }),
		"abs.f64":     double1(math.Abs),
		"min.f64":     double2(least),
		"max.f64":     double2(greatest),
		"fma.rn.f64": {func(d, a, b, c *row) {
			for l := range d {
				d[l] = math.Float64bits(math.FMA(double(a[l]), double(b[l]), double(c[l])))
			}
		}, 3},
	}
}
