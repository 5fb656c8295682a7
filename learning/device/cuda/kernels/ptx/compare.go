package ptx

// compares has setp's comparisons, as compare.type: the lanes where it holds.
var compares = comparisons()

func comparisons() map[string]func(a, b *row) uint32 {
	m := map[string]func(a, b *row) uint32{}
	ordered[int16](m, "s16")
	ordered[uint16](m, "u16")
	ordered[int32](m, "s32")
	ordered[uint32](m, "u32")
	ordered[int64](m, "s64")
	ordered[uint64](m, "u64")
	for from, to := range map[string]string{"u16": "b16", "u32": "b32", "u64": "b64"} {
		m["eq."+to], m["ne."+to] = m["eq."+from], m["ne."+from]
	}
	floating(m, "f32", func(u uint64) float64 { return float64(single(u)) })
	floating(m, "f64", double)
	return m
}

func ordered[T integer](m map[string]func(a, b *row) uint32, t string) {
	m["eq."+t] = func(a, b *row) (is uint32) {
		for l := range a {
			if T(a[l]) == T(b[l]) {
				is |= 1 << l
			}
		}
		return is
	}
	m["lt."+t] = func(a, b *row) (is uint32) {
		for l := range a {
			if T(a[l]) < T(b[l]) {
				is |= 1 << l
			}
		}
		return is
	}
	equal, less := m["eq."+t], m["lt."+t]
	m["ne."+t] = func(a, b *row) uint32 { return ^equal(a, b) }
	m["ge."+t] = func(a, b *row) uint32 { return ^less(a, b) }
	m["gt."+t] = func(a, b *row) uint32 { return less(b, a) }
	m["le."+t] = func(a, b *row) uint32 { return ^less(b, a) }
}

// floating: NaN is in no order; of the comparisons that end in u it makes true.
func floating(m map[string]func(a, b *row) uint32, t string, number func(uint64) float64) {
	where := func(holds func(x, y float64) bool) func(a, b *row) uint32 {
		return func(a, b *row) (is uint32) {
			for l := range a {
				if holds(number(a[l]), number(b[l])) {
					is |= 1 << l
				}
			}
			return is
		}
	}
	for name, holds := range map[string]func(x, y float64) bool{
		"eq":  func(x, y float64) bool { return x == y },
		"ne":  func(x, y float64) bool { return x < y || x > y },
		"lt":  func(x, y float64) bool { return x < y },
		"le":  func(x, y float64) bool { return x <= y },
		"gt":  func(x, y float64) bool { return x > y },
		"ge":  func(x, y float64) bool { return x >= y },
		"equ": func(x, y float64) bool { return !(x < y || x > y) },
		"neu": func(x, y float64) bool { return x != y },
		"ltu": func(x, y float64) bool { return !(x >= y) },
		"leu": func(x, y float64) bool { return !(x > y) },
		"gtu": func(x, y float64) bool { return !(x <= y) },
		"geu": func(x, y float64) bool { return !(x < y) },
		"num": func(x, y float64) bool { return x == x && y == y },
		"nan": func(x, y float64) bool { return x != x || y != y },
	} {
		m[name+"."+t] = where(holds)
	}
}
