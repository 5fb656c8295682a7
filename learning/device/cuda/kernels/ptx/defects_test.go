package ptx_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
)

// defect is a kernel with a mistake, or its twin without. It has the registers
// below, n in %r1, the address of n words (or nothing) in %rd1, tid.x in %r2 and the
// address of a word of its own in %rd2; shared memory is s (n words). It runs on
// two blocks of 64 threads, n 64.
type defect struct {
	name, body string
	want       ptx.Kind // or none
	says       string   // part of the error
	written    bool     // the words are zeros
}

const frame = `.version 7.8
.target sm_70
.address_size 64
.visible .entry k(.param .align 8 .b8 k_param_0[16])
.maxntid 64, 1, 1
{
	.reg .pred %%p<9>;
	.reg .f32 %%f<9>;
	.reg .b32 %%r<20>;
	.reg .b64 %%rd<20>;
	.shared .align 8 .b8 s[256];
	.shared .align 4 .b8 next[16];
	ld.param.u64 %%rd1, [k_param_0];
	ld.param.u32 %%r1, [k_param_0+8];
	mov.u32 %%r2, %%tid.x;
	mul.wide.u32 %%rd3, %%r2, 4;
	add.s64 %%rd2, %%rd1, %%rd3;
	mov.u64 %%rd4, s;
	add.s64 %%rd5, %%rd4, %%rd3;
	mov.u32 %%r9, %%ctaid.x;
	setp.ne.s32 %%p8, %%r9, 0;
	and.b32 %%r10, %%r2, 31;
%s
	ret;
}
`

var defects = []defect{
	{"barrier", `
	st.shared.u32 [%rd5], %r2;
	bar.sync 0;
	xor.b32 %r3, %r2, 63;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];`, "", "", true},
	{"missing barrier", `
	st.shared.u32 [%rd5], %r2;
	bar.sync 0;
	st.shared.u32 [%rd5], %r2;
	xor.b32 %r3, %r2, 63;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];`, ptx.Race, "another", true},
	{"missing barrier before a write", `
	st.shared.u32 [%rd5], %r2;
	bar.sync 0;
	xor.b32 %r3, %r2, 63;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];
	st.shared.u32 [%rd5], %r4;`, ptx.Race, "another", true},
	{"all threads write a word", `
	st.shared.u32 [s], %r2;`, ptx.Race, "writes what another writes", true},
	{"missing barrier in a warp", `
	st.shared.u32 [%rd5], %r2;
	bar.warp.sync -1;
	xor.b32 %r3, %r2, 1;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];
	st.shared.u32 [%rd5], %r4;`, ptx.Race, "another", true},
	{"barriers in a warp", `
	st.shared.u32 [%rd5], %r2;
	bar.warp.sync -1;
	xor.b32 %r3, %r2, 1;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];
	bar.warp.sync -1;
	st.shared.u32 [%rd5], %r4;`, "", "", true},
	{"barriers of half warps", `
	and.b32 %r5, %r2, 16;
	setp.ne.s32 %p1, %r5, 0;
	selp.b32 %r6, -65536, 65535, %p1;
	st.shared.u32 [%rd5], %r2;
	bar.warp.sync %r6;
	xor.b32 %r3, %r2, 1;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];
	bar.warp.sync %r6;
	st.shared.u32 [%rd5], %r4;`, "", "", true},
	{"barriers of the wrong half", `
	and.b32 %r5, %r2, 16;
	setp.ne.s32 %p1, %r5, 0;
	selp.b32 %r6, -65536, 65535, %p1;
	st.shared.u32 [%rd5], %r2;
	bar.warp.sync -1;
	st.shared.u32 [%rd5], %r2;
	bar.warp.sync %r6;
	xor.b32 %r3, %r2, 16;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];`, ptx.Race, "another", true},
	{"a shuffle orders no memory", `
	st.shared.u32 [%rd5], %r2;
	shfl.sync.bfly.b32 %r7, %r2, 1, 31, -1;
	mul.wide.u32 %rd6, %r7, 4;
	add.s64 %rd6, %rd4, %rd6;
	ld.shared.u32 %r4, [%rd6];`, ptx.Race, "another", true},
	{"read out of bounds", `
	ld.global.u32 %r3, [%rd2+4];`, ptx.OutOfBounds, "thread (63,0,0)", true},
	{"read before the beginning", `
	ld.global.u32 %r3, [%rd2+-4];`, ptx.OutOfBounds, "thread (0,0,0)", true},
	{"read of a null pointer", `
	ld.global.u32 %r3, [%rd3];`, ptx.OutOfBounds, "no allocation", true},
	{"quad out of bounds", `
	and.b32 %r3, %r2, -4;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd1, %rd6;
	ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd6+16];`, ptx.OutOfBounds, "16 bytes at 256 of an allocation of 256", true},
	{"misaligned quad", `
	ld.global.v4.f32 {%f1, %f2, %f3, %f4}, [%rd2];`, ptx.Misaligned, "16 bytes of global memory", true},
	{"misaligned quad in shared memory", `
	ld.shared.v4.f32 {%f1, %f2, %f3, %f4}, [s];`, ptx.Misaligned, "16 bytes of shared memory", true},
	{"shared memory out of bounds", `
	ld.shared.u32 %r3, [%rd5+256];`, ptx.OutOfBounds, "none of the variables", true},
	{"argument out of bounds", `
	ld.param.u32 %r3, [k_param_0+16];`, ptx.OutOfBounds, "argument of 16", true},
	{"divergent barrier", `
	setp.lt.u32 %p1, %r10, 16;
	@!%p1 bra $L1;
	bar.sync 0;
	bra.uni $L2;
$L1:
	bar.sync 0;
$L2:`, ptx.DivergentSync, "wait at line", true},
	{"barrier of one warp only", `
	setp.lt.u32 %p1, %r2, 32;
	@!%p1 bra $L1;
	bar.sync 0;
$L1:
	bar.sync 0;`, ptx.DivergentSync, "wait at line", true},
	{"barrier after some have ended", `
	setp.gt.u32 %p1, %r2, 40;
	@%p1 ret;
	bar.sync 0;`, "", "", true},
	{"uninitialised shared memory", `
	ld.shared.u32 %r3, [%rd5];`, ptx.Uninitialised, "shared memory", true},
	{"uninitialised memory", `
	ld.global.u32 %r3, [%rd2];`, ptx.Uninitialised, "global memory", false},
	{"shuffle", `
	shfl.sync.down.b32 %r3|%p1, %r2, 1, 31, -1;`, "", "", true},
	{"shuffle in half a warp", `
	setp.lt.u32 %p1, %r10, 16;
	@%p1 shfl.sync.bfly.b32 %r3, %r2, 1, 31, -1;`, ptx.WrongMask, "0xffff0000", true},
	{"shuffle with a mask of others", `
	shfl.sync.bfly.b32 %r3, %r2, 1, 31, 65535;`, ptx.WrongMask, "does not name", true},
	{"shuffle from beyond the mask", `
	setp.lt.u32 %p1, %r10, 16;
	@!%p1 bra $L1;
	shfl.sync.bfly.b32 %r3, %r2, 16, 31, 65535;
$L1:`, ptx.WrongMask, "takes from lane", true},
	{"shuffles by different branches", `
	setp.lt.u32 %p1, %r10, 16;
	@!%p1 bra $L1;
	shfl.sync.bfly.b32 %r3, %r2, 16, 31, -1;
	bra.uni $L2;
$L1:
	shfl.sync.bfly.b32 %r3, %r2, 16, 31, -1;
$L2:`, "", "", true},
	{"blocks write a word", `
	st.global.u32 [%rd2], %r2;`, ptx.Race, "of block", true},
	{"a block reads what another writes", `
	@!%p8 st.global.u32 [%rd2], %r2;
	@%p8 ld.global.u32 %r3, [%rd2];`, ptx.Race, "of block", true},
	{"blocks read a word", `
	ld.global.u32 %r3, [%rd1];`, "", "", true},
	{"threads of a block without a barrier in global memory", `
	@%p8 ret;
	st.global.u32 [%rd2], %r2;
	xor.b32 %r3, %r2, 63;
	mul.wide.u32 %rd6, %r3, 4;
	add.s64 %rd6, %rd1, %rd6;
	ld.global.u32 %r4, [%rd6];`, ptx.Race, "another", true},
	{"change of a constant", `
	@%p8 ret;
	st.global.u32 [%rd2], %r2;
	bar.sync 0;
	ld.global.nc.u32 %r4, [%rd2];`, ptx.ConstantChanged, "writes it", true},
	{"trap", `
	trap;`, ptx.Trap, "gives up", true},
	{"waiting for another warp", `
	setp.lt.u32 %p1, %r2, 32;
$L1:
	@%p1 bra $L1;`, ptx.Endless, "come to an end", true},
}

// TestDefects: every mistake is found by name, whatever the order in which things
// happen; what is right is not complained of.
func TestDefects(t *testing.T) {
	for _, x := range defects {
		t.Run(x.name, func(t *testing.T) {
			text := fmt.Sprintf(frame, x.body)
			p, err := ptx.Load(text)
			if err != nil {
				t.Fatal(err)
			}
			for seed := range int64(20) {
				m := ptx.NewMachine(p, seed)
				m.Limit = 100_000
				at := m.Alloc(256, x.written)
				x.check(t, m.Launch("k", kernels.Dim{X: 2, Y: 1, Z: 1}, kernels.Dim{X: 64, Y: 1, Z: 1}, 0, []uint64{at, 64}))
			}
		})
	}
}

func (x defect) check(t *testing.T, err error) {
	t.Helper()
	if x.want == "" {
		if err != nil {
			t.Fatalf("nothing is wrong, but: %v", err)
		}
		return
	}
	var f *ptx.Fault
	if !errors.As(err, &f) {
		t.Fatalf("not found: %v", err)
	}
	if f.Kind != x.want || !strings.Contains(f.Error(), x.says) || f.Line < 24 {
		t.Fatalf("found %q, want %q that says %q", f, x.want, x.says)
	}
}

// TestLaunchesThatNoCardAccepts are refused before anything runs.
func TestLaunchesThatNoCardAccepts(t *testing.T) {
	p, err := ptx.Load(fmt.Sprintf(frame, ""))
	if err != nil {
		t.Fatal(err)
	}
	one := kernels.Dim{X: 1, Y: 1, Z: 1}
	for _, x := range []struct {
		name        string
		grid, block kernels.Dim
		shared      int
		argument    []uint64
		says        string
	}{
		{"k", one, one, 0, make([]uint64, 3), "an argument of 24 bytes for a parameter of 16"},
		{"k", one, kernels.Dim{X: 65, Y: 1, Z: 1}, 0, make([]uint64, 2), "made for 64"},
		{"k", kernels.Dim{X: 1, Y: 65536, Z: 1}, one, 0, make([]uint64, 2), "grid"},
		{"k", one, kernels.Dim{}, 0, make([]uint64, 2), "threads"},
		{"k", one, one, 200 << 10, make([]uint64, 2), "shared memory"},
		{"other", one, one, 0, nil, "no such kernel"},
	} {
		err := ptx.NewMachine(p, 1).Launch(x.name, x.grid, x.block, x.shared, x.argument)
		if err == nil || !strings.Contains(err.Error(), x.says) {
			t.Errorf("%v blocks of %v: %v, want %q", x.grid, x.block, err, x.says)
		}
	}
}

// TestMemoryOfOthers: an address of an allocation that the launch was not given, or
// of one that is gone.
func TestMemoryOfOthers(t *testing.T) {
	p, err := ptx.Load(fmt.Sprintf(frame, "\tcvt.u64.u32 %rd7, %r1;\n\tshl.b64 %rd7, %rd7, 32;\n\tadd.s64 %rd7, %rd7, %rd1;\n\tld.global.u32 %r3, [%rd7];"))
	if err != nil {
		t.Fatal(err)
	}
	for says, free := range map[string]bool{"nothing in the argument points into": false, "that was freed": true} {
		m := ptx.NewMachine(p, 1)
		mine, other := m.Alloc(256, true), m.Alloc(256, true)
		if free {
			m.Free(other)
		}
		one := kernels.Dim{X: 1, Y: 1, Z: 1}
		err := m.Launch("k", one, one, 0, []uint64{mine, (other - mine) >> 32})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q", err, says)
		}
	}
}
