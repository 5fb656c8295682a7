package ptx

import (
	"math/bits"
	"unsafe"
)

// arithmetic has the opcodes that work lane by lane.
var arithmetic = joined(integers(), singles(), doubles(), conversions(), moves())

func joined(all ...map[string]operation) map[string]operation {
	m := map[string]operation{}
	for _, one := range all {
		for name, o := range one {
			m[name] = o
		}
	}
	return m
}

type integer interface {
	~int16 | ~uint16 | ~int32 | ~uint32 | ~int64 | ~uint64
}

// narrow cuts a number to the width of T, as a register holds it.
func narrow[T integer](x T) uint64 {
	return uint64(x) & (1<<(8*uint(unsafe.Sizeof(x))) - 1)
}

// of2 applies f to two operands, lane by lane.
func of2[T integer](f func(a, b T) T) operation {
	return operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(f(T(a[l]), T(b[l])))
		}
	}, 2}
}

func of1[T integer](f func(a T) T) operation {
	return operation{func(d, a, _, _ *row) {
		for l := range d {
			d[l] = narrow(f(T(a[l])))
		}
	}, 1}
}

func integers() map[string]operation {
	m := map[string]operation{}
	whole[int16](m, "s16")
	whole[uint16](m, "u16")
	whole[int32](m, "s32")
	whole[uint32](m, "u32")
	whole[int64](m, "s64")
	whole[uint64](m, "u64")
	bitwise[uint16](m, "b16")
	bitwise[uint32](m, "b32")
	bitwise[uint64](m, "b64")
	shifts[int16](m, "s16")
	shifts[uint16](m, "u16")
	shifts[int32](m, "s32")
	shifts[uint32](m, "u32")
	shifts[int64](m, "s64")
	shifts[uint64](m, "u64")
	m["mul.hi.u32"] = of2(func(a, b uint32) uint32 { return uint32(uint64(a) * uint64(b) >> 32) })
	m["mul.hi.s32"] = of2(func(a, b int32) int32 { return int32(int64(a) * int64(b) >> 32) })
	m["mul.hi.u64"] = of2(func(a, b uint64) uint64 { high, _ := bits.Mul64(a, b); return high })
	wide[int16](m, "s16", func(a int16) uint64 { return uint64(uint32(a)) })
	wide[uint16](m, "u16", func(a uint16) uint64 { return uint64(a) })
	wide[int32](m, "s32", func(a int32) uint64 { return uint64(a) })
	wide[uint32](m, "u32", func(a uint32) uint64 { return uint64(a) })
	return m
}

// whole has the arithmetic of one type. The result of a division by zero is
// unspecified; here it is all ones.
func whole[T integer](m map[string]operation, t string) {
	m["add."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(T(a[l]) + T(b[l]))
		}
	}, 2}
	m["sub."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(T(a[l]) - T(b[l]))
		}
	}, 2}
	m["mul.lo."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(T(a[l]) * T(b[l]))
		}
	}, 2}
	m["mad.lo."+t] = operation{func(d, a, b, c *row) {
		for l := range d {
			d[l] = narrow(T(a[l])*T(b[l]) + T(c[l]))
		}
	}, 3}
	m["div."+t] = of2(func(a, b T) T {
		if b == 0 {
			return ^T(0)
		}
		return a / b
	})
	m["rem."+t] = of2(func(a, b T) T {
		if b == 0 {
			return ^T(0)
		}
		return a % b
	})
	m["min."+t] = of2(func(a, b T) T { return min(a, b) })
	m["max."+t] = of2(func(a, b T) T { return max(a, b) })
	if ^T(0) < 0 {
		m["neg."+t] = of1(func(a T) T { return -a })
		m["abs."+t] = of1(func(a T) T { return max(a, -a) })
	}
}

func bitwise[T integer](m map[string]operation, t string) {
	m["and."+t] = of2(func(a, b T) T { return a & b })
	m["or."+t] = of2(func(a, b T) T { return a | b })
	m["xor."+t] = of2(func(a, b T) T { return a ^ b })
	m["not."+t] = of1(func(a T) T { return ^a })
	m["shl."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(T(a[l]) << uint32(b[l]))
		}
	}, 2}
	shifts[T](m, t)
}

// shifts: as in Go, more places than there are bits leave nothing but the sign.
func shifts[T integer](m map[string]operation, t string) {
	m["shr."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = narrow(T(a[l]) >> uint32(b[l]))
		}
	}, 2}
}

// wide products have twice the width of their factors.
func wide[T integer](m map[string]operation, t string, extend func(T) uint64) {
	mask := narrow(^T(0))
	mask |= mask << (8 * uint(unsafe.Sizeof(T(0))))
	m["mul.wide."+t] = operation{func(d, a, b, _ *row) {
		for l := range d {
			d[l] = extend(T(a[l])) * extend(T(b[l])) & mask
		}
	}, 2}
	m["mad.wide."+t] = operation{func(d, a, b, c *row) {
		for l := range d {
			d[l] = (extend(T(a[l]))*extend(T(b[l])) + c[l]) & mask
		}
	}, 3}
}
