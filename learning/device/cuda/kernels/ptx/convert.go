package ptx

import "math"

// moves copy bits, whatever they mean.
func moves() map[string]operation {
	copied := operation{func(d, a, _, _ *row) { *d = *a }, 1}
	m := map[string]operation{ // global addresses are generic ones
		"cvta.to.global.u64": copied,
		"cvta.global.u64":    copied,
		"cvta.shared.u64":    {func(d, a, _, _ *row) { each(d, a, func(u uint64) uint64 { return u + window }) }, 1},
		"cvta.to.shared.u64": {func(d, a, _, _ *row) { each(d, a, func(u uint64) uint64 { return u - window }) }, 1},
	}
	for _, t := range []string{"b16", "u16", "s16", "b32", "u32", "s32", "f32"} {
		m["mov."+t] = operation{func(d, a, _, _ *row) {
			for l := range d {
				d[l] = uint64(uint32(a[l]))
			}
		}, 1}
	}
	for _, t := range []string{"b64", "u64", "s64", "f64"} {
		m["mov."+t] = copied
	}
	return m
}

// conversions are those of cvt.
func conversions() map[string]operation {
	m := map[string]operation{
		"cvt.f64.f32": {func(d, a, _, _ *row) {
			each(d, a, func(u uint64) uint64 { return math.Float64bits(float64(single(u))) })
		}, 1},
		"cvt.rn.f32.f64":   {func(d, a, _, _ *row) { each(d, a, func(u uint64) uint64 { return of(float32(double(u))) }) }, 1},
		"cvt.rna.tf32.f32": single1(tf32),
		"cvt.sat.f32.f32": single1(func(a float32) float32 {
			if !(a > 0) { // NaN becomes 0, too
				return 0
			}
			return min(a, 1)
		}),
	}
	whole := map[string]func(float64) float64{"rni": math.RoundToEven, "rzi": math.Trunc, "rmi": math.Floor, "rpi": math.Ceil}
	for mode, f := range whole {
		m["cvt."+mode+".f32.f32"] = single1(func(a float32) float32 { return float32(f(float64(a))) })
		m["cvt."+mode+".f64.f64"] = double1(f)
		for name, t := range integerTypes {
			m["cvt."+mode+"."+name+".f32"] = operation{func(d, a, _, _ *row) {
				each(d, a, func(u uint64) uint64 { return t.from(f(float64(single(u)))) })
			}, 1}
			m["cvt."+mode+"."+name+".f64"] = operation{func(d, a, _, _ *row) {
				each(d, a, func(u uint64) uint64 { return t.from(f(double(u))) })
			}, 1}
		}
	}
	for name, t := range integerTypes {
		for to, result := range integerTypes {
			m["cvt."+to+"."+name] = operation{func(d, a, _, _ *row) {
				each(d, a, func(u uint64) uint64 { return result.cut(t.extend(u)) })
			}, 1}
		}
		m["cvt.rn.f64."+name] = operation{func(d, a, _, _ *row) {
			each(d, a, func(u uint64) uint64 { return math.Float64bits(t.double(u)) })
		}, 1}
		m["cvt.rn.f32."+name] = operation{func(d, a, _, _ *row) {
			each(d, a, func(u uint64) uint64 { return of(t.single(u)) })
		}, 1}
	}
	return m
}

func each(d, a *row, f func(uint64) uint64) {
	for l := range d {
		d[l] = f(a[l])
	}
}

// integerType is one of a conversion's.
type integerType struct {
	bits   uint
	signed bool
}

var integerTypes = map[string]integerType{
	"u8": {8, false}, "s8": {8, true}, "u16": {16, false}, "s16": {16, true},
	"u32": {32, false}, "s32": {32, true}, "u64": {64, false}, "s64": {64, true},
}

// extend reads a register as this type.
func (t integerType) extend(u uint64) uint64 {
	u <<= 64 - t.bits
	if t.signed {
		return uint64(int64(u) >> (64 - t.bits))
	}
	return u >> (64 - t.bits)
}

// cut is what a register of this type holds; those of 8 bits are extended to 32.
func (t integerType) cut(u uint64) uint64 {
	u = t.extend(u)
	if t.bits < 64 {
		u &= 1<<max(t.bits, 32) - 1
	}
	return u
}

func (t integerType) double(u uint64) float64 {
	if u = t.extend(u); t.signed {
		return float64(int64(u))
	}
	return float64(u)
}

func (t integerType) single(u uint64) float32 {
	if u = t.extend(u); t.signed {
		return float32(int64(u))
	}
	return float32(u)
}

// from takes a whole number, the nearest that there is; NaN is 0.
func (t integerType) from(x float64) uint64 {
	least, most := 0.0, math.Ldexp(1, int(t.bits))
	if t.signed {
		least, most = -most/2, most/2
	}
	switch {
	case math.IsNaN(x):
		return 0
	case x < least:
		x = least
	case x >= most && t.signed:
		return t.cut(1<<(t.bits-1) - 1)
	case x >= most:
		return t.cut(math.MaxUint64)
	}
	if t.signed {
		return t.cut(uint64(int64(x)))
	}
	return t.cut(uint64(x))
}
