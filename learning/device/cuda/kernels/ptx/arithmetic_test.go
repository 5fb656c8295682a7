package ptx

import (
	"math"
	"math/big"
	"math/rand"
	"testing"
)

// float is a random float32 of any size, often close to a power of two or subnormal.
func float(r *rand.Rand) float32 {
	u := r.Uint32()
	switch r.Intn(4) {
	case 0:
		u &= 0x80000000 | 0xff<<23 | 7 // few bits of mantissa
	case 1:
		u = u&^(0xff<<23) | uint32(117+r.Intn(20))<<23 // about 1
	case 2:
		u &= 0x80ffffff // small
	}
	if u&0x7f800000 == 0x7f800000 {
		u &^= 1 << 30
	}
	return math.Float32frombits(u)
}

// exact rounds a·b + c to float32 from exact arithmetic.
func exact(a, b, c float32, mode big.RoundingMode) float32 {
	n := func(x float32) *big.Float { return new(big.Float).SetPrec(700).SetFloat64(float64(x)) }
	sum := n(a)
	sum.Mul(sum, n(b)).Add(sum, n(c))
	if mode == big.ToNearestEven {
		y, _ := sum.Float32()
		return y
	}
	// Find the float32 from the nearest one.
	y, accuracy := sum.Float32()
	switch {
	case accuracy == big.Exact:
	case mode == big.ToNegativeInf && accuracy == big.Above, mode == big.ToZero && accuracy == big.Above && sum.Sign() > 0:
		y = math.Nextafter32(y, float32(math.Inf(-1)))
	case mode == big.ToZero && accuracy == big.Below && sum.Sign() < 0:
		y = math.Nextafter32(y, float32(math.Inf(1)))
	}
	return y
}

// TestRounding compares what the interpreter rounds by itself with exact arithmetic.
func TestRounding(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	hard := 0
	for range 300_000 {
		a, b, c := float(r), float(r), float(r)
		if r.Intn(3) == 0 { // cancel, or fall into the middle between two numbers
			if near := -a * b * float32(r.Intn(3)); !math.IsInf(float64(near), 0) && near == near {
				c = near
			}
		}
		for _, x := range []struct {
			name      string
			got, want float32
		}{
			{"fma.rn", fma32(a, b, c), exact(a, b, c, big.ToNearestEven)},
			{"fma.rm", down(oddSum(float64(a)*float64(b), float64(c))), exact(a, b, c, big.ToNegativeInf)},
			{"add.rz", toZero(oddSum(float64(a), float64(c))), exact(a, 1, c, big.ToZero)},
		} {
			if x.got != x.want {
				t.Fatalf("%s of %x, %x, %x: %x, want %x", x.name, a, b, c, x.got, x.want)
			}
		}
		if float32(float64(a)*float64(b)+float64(c)) != fma32(a, b, c) {
			hard++
		}
	}
	if hard == 0 {
		t.Error("no sum was rounded twice by plain arithmetic: the test is too easy")
	}
}

// TestOperations has an example of what is easily wrong of every family.
func TestOperations(t *testing.T) {
	f := func(x float32) uint64 { return uint64(math.Float32bits(x)) }
	d := math.Float64bits
	nan, inf, zero := float32(math.NaN()), float32(math.Inf(1)), float32(0)
	minus := func(n int64) uint64 { return uint64(uint32(n)) }
	for _, x := range []struct {
		op            string
		a, b, c, want uint64
	}{
		{"add.s32", 0xffffffff, 1, 0, 0},
		{"sub.s32", 1, 2, 0, minus(-1)},
		{"add.s32", 5, ^uint64(0), 0, 4}, // a number in the text is −1 in 64 bits
		{"mul.lo.s32", minus(-3), 5, 0, minus(-15)},
		{"mul.hi.u32", 0xffffffff, 0xffffffff, 0, 0xfffffffe},
		{"mul.hi.s32", minus(-1), 2, 0, minus(-1)},
		{"mul.hi.u64", ^uint64(0), 2, 0, 1},
		{"mul.wide.s32", minus(-3), 5, 0, ^uint64(14)},
		{"mul.wide.u32", minus(-3), 5, 0, 5 * (1<<32 - 3)},
		{"mad.lo.s32", 7, 8, minus(-1), 55},
		{"mad.wide.u32", 7, 8, ^uint64(0), 55},
		{"div.s32", minus(-7), 2, 0, minus(-3)},
		{"rem.s32", minus(-7), 2, 0, minus(-1)},
		{"div.u32", minus(-7), 2, 0, (1<<32 - 7) / 2},
		{"div.s32", 1 << 31, minus(-1), 0, 1 << 31},
		{"rem.u64", 7, 0, 0, ^uint64(0)},
		{"shl.b32", 1, 32, 0, 0},
		{"shl.b32", 3, 31, 0, 1 << 31},
		{"shr.s32", 1 << 31, 40, 0, minus(-1)},
		{"shr.u32", 1 << 31, 40, 0, 0},
		{"shr.s64", 1 << 63, 63, 0, ^uint64(0)},
		{"not.b32", 0, 0, 0, minus(-1)},
		{"neg.s64", 1, 0, 0, ^uint64(0)},
		{"abs.s32", minus(-5), 0, 0, 5},
		{"min.s32", minus(-5), 4, 0, minus(-5)},
		{"max.u64", ^uint64(4), 4, 0, ^uint64(4)},
		{"cvt.s64.s32", minus(-5), 0, 0, ^uint64(4)},
		{"cvt.u64.u32", minus(-5), 0, 0, 1<<32 - 5},
		{"cvt.u32.u64", 1<<40 + 3, 0, 0, 3},
		{"cvt.s32.s8", 0x80, 0, 0, minus(-128)},
		{"cvt.rn.f32.s32", minus(-16777217), 0, 0, f(-16777216)},
		{"cvt.rn.f32.u32", minus(-1), 0, 0, f(1 << 32)},
		{"cvt.rn.f32.u16", 0x3ffff, 0, 0, f(65535)},
		{"cvt.rzi.s32.f32", f(-2.9), 0, 0, minus(-2)},
		{"cvt.rni.s32.f32", f(2.5), 0, 0, 2},
		{"cvt.rzi.s32.f32", f(3e9), 0, 0, math.MaxInt32},
		{"cvt.rzi.s32.f32", f(-inf), 0, 0, 1 << 31},
		{"cvt.rzi.u32.f32", f(-3), 0, 0, 0},
		{"cvt.rzi.s32.f64", d(math.NaN()), 0, 0, 0},
		{"cvt.rzi.u64.f64", d(1e30), 0, 0, ^uint64(0)},
		{"cvt.rni.f32.f32", f(-2.5), 0, 0, f(-2)},
		{"cvt.rmi.f32.f32", f(-2.5), 0, 0, f(-3)},
		{"cvt.sat.f32.f32", f(nan), 0, 0, 0},
		{"cvt.sat.f32.f32", f(1.5), 0, 0, f(1)},
		{"cvt.rn.f32.f64", d(1 + 0x1p-24), 0, 0, f(1)},
		{"cvt.rna.tf32.f32", f(1 + 0x1p-11), 0, 0, f(1 + 0x1p-10)},
		{"cvt.rna.tf32.f32", f(inf), 0, 0, f(inf)},
		{"min.f32", f(nan), f(2), 0, f(2)},
		{"max.f32", f(zero), f(float32(math.Copysign(0, -1))), 0, 0},
		{"neg.f32", 0, 0, 0, 1 << 31},
		{"abs.f32", 1<<31 | 5, 0, 0, 5},
		{"rcp.approx.ftz.f32", 1, 0, 0, f(inf)},
		{"ex2.approx.ftz.f32", f(-140), 0, 0, 0},
		{"ex2.approx.f32", f(-140), 0, 0, f(0x1p-140)},
		{"lg2.approx.f32", f(8), 0, 0, f(3)},
		{"sqrt.rn.f32", f(2), 0, 0, f(math.Sqrt2)},
		{"fma.rn.f64", d(3), d(5), d(-15), 0},
		{"mov.u32", ^uint64(0), 0, 0, 1<<32 - 1},
		{"cvta.shared.u64", 16, 0, 0, window + 16},
	} {
		o, ok := arithmetic[x.op]
		if !ok {
			t.Errorf("there is no %s", x.op)
			continue
		}
		var a, b, c, got row
		a[31], b[31], c[31] = x.a, x.b, x.c
		if o.run(&got, &a, &b, &c); got[31] != x.want {
			t.Errorf("%s of %#x, %#x, %#x: %#x, want %#x", x.op, x.a, x.b, x.c, got[31], x.want)
		}
	}
}

// TestComparisons: NaN is in no order.
func TestComparisons(t *testing.T) {
	var a, b row
	u := func(x float32) uint64 { return uint64(math.Float32bits(x)) }
	nan := u(float32(math.NaN()))
	a[0], a[1], a[2], a[3] = u(1), u(2), u(1), nan
	b[0], b[1], b[2], b[3] = u(1), u(1), u(2), u(1)
	for op, want := range map[string]uint32{"eq": 1, "ne": 6, "lt": 4, "le": 5, "gt": 2, "ge": 3,
		"equ": 9, "neu": 14, "ltu": 12, "leu": 13, "gtu": 10, "geu": 11, "num": 7, "nan": 8} {
		if got := compares[op+".f32"](&a, &b) & 15; got != want {
			t.Errorf("%s: lanes %#x, want %#x", op, got, want)
		}
	}
	a[0], b[0] = 1<<32-1, 1
	for op, want := range map[string]uint32{"lt.s32": 1, "lt.u32": 0, "gt.u32": 1, "ge.s32": 0, "ne.b32": 1, "lt.s64": 0} {
		if got := compares[op](&a, &b) & 1; got != want {
			t.Errorf("%s: %d, want %d", op, got, want)
		}
	}
}

// TestShuffles has the examples of the ISA, and a segment of eight.
func TestShuffles(t *testing.T) {
	for _, x := range []struct {
		mode       shuffle
		lane, b, c uint32
		from       uint32
		inside     bool
	}{
		{shuffleXor, 5, 1, 31, 4, true},
		{shuffleUp, 0, 1, 0, math.MaxUint32, false},
		{shuffleUp, 9, 2, 0, 7, true},
		{shuffleUp, 9, 2, 24 << 8, 7, false},
		{shuffleDown, 31, 1, 31, 32, false},
		{shuffleDown, 6, 1, 31 | 24<<8, 7, true},
		{shuffleDown, 7, 1, 31 | 24<<8, 8, false},
		{shuffleIndex, 13, 2, 31 | 24<<8, 10, true},
		{shuffleIndex, 13, 31, 31, 31, true},
	} {
		if from, inside := x.mode.source(x.lane, x.b, x.c); from != x.from || inside != x.inside {
			t.Errorf("%v of lane %d by %d, %#x: from %d, %t", x.mode, x.lane, x.b, x.c, from, inside)
		}
	}
}
