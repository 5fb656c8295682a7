package ptx_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/ptx"
)

// embedded is the program's own PTX.
var embedded = sync.OnceValues(func() (*ptx.Program, error) { return ptx.Load(kernels.Modules(8, 0, true)...) })

func program(t *testing.T) *ptx.Program {
	t.Helper()
	p, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestEverythingIsSupported: a form that a compiler begins to use must be known here.
func TestEverythingIsSupported(t *testing.T) {
	counts := program(t).Opcodes()
	t.Logf("%d forms of instructions", len(counts))
	if counts["fma.rn.f32"] == 0 || counts["bar.sync"] == 0 {
		t.Errorf("the kernels neither multiply nor meet: %v", counts)
	}
}

// TestWhatIsNotSupported is refused, with the line.
func TestWhatIsNotSupported(t *testing.T) {
	for text, says := range map[string]string{
		"add.cc.u32 %r1, %r2, %r3;":                    "line 23: add.cc.u32: not supported",
		"bar.sync 0, 32;":                              "a part of a block",
		"ld.volatile.shared.u32 %r1, [s];":             "this form",
		"ld.local.u32 %r1, [%rd1];":                    "this form",
		"st.shared.u8 [s], %r1;":                       "this form",
		"ld.global.v4.f64 {%rd1,%rd2,%rd3,%rd4}, [s];": "this form",
		"ld.global.v2.f32 {%f1}, [%rd1];":              "1 numbers, want 2",
		"add.s32 %r1, %r2;":                            "2 operands, want 3",
		"add.s32 %r99, %r2, %r3;":                      `"%r99" is no register`,
		"add.s32 %p1, %r2, %r3;":                       `"%p1" is no register`,
		"add.f32 %f1, %f2, 0d3FF0000000000000;":        "another width",
		"setp.eq.s32 %r1, %r2, %r3;":                   "no predicate",
		"setp.xx.s32 %p1, %r2, %r3;":                   "this form",
		"bra $nowhere;":                                "no label",
		"call f;":                                      "not supported",
		"shfl.bfly.b32 %r1, %r2, 1, 31;":               "not supported",
		"add.s32 %r1, %r2, ;":                          "where an operand should be",
		"mov.u32 %r1, 99999999999999999999;":           "is no number",
		".local .align 4 .b8 x[4];":                    `"4" where`,
		"x: x: ret;":                                   "a second time",
		"/* */":                                        "not supported",
		".shared .align 4 .b8 big[50000];":             "more than 49152",
		".shared .align 3 .b8 odd[4];":                 "an alignment of",
		"mov.u32 %r1, é;":                              "the character",
		"mov.b64 {%r1, {%r2}}, %rd1;":                  "a vector in a vector",
	} {
		_, err := ptx.Load(fmt.Sprintf(frame, text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", text, err, says)
		}
	}
}

// FuzzLoad: no text makes the reader panic, and what it accepts runs or fails without
// a panic. A text is read as a module, and as the body of a kernel.
func FuzzLoad(f *testing.F) {
	for _, x := range defects {
		f.Add(x.body)
	}
	if text, err := os.ReadFile("../kernels.ptx"); err == nil {
		at := strings.Index(string(text), ".visible .entry softmax")
		f.Add(string(text)[at : at+8000])
	}
	f.Add(".extern .shared .align 16 .b8 x[];\n.visible .entry k(){ .reg .b64 %rd<2>; mov.u64 %rd1, x; ld.shared.f32 %rd1, [%rd1]; }")
	f.Fuzz(func(t *testing.T, text string) {
		for _, text := range []string{text, fmt.Sprintf(frame, text)} {
			p, err := ptx.Load(text)
			if err != nil {
				continue
			}
			m := ptx.NewMachine(p, 1)
			m.Limit = 10_000
			at := m.Alloc(256, true)
			err = m.Launch("k", kernels.Dim{X: 2, Y: 1, Z: 1}, kernels.Dim{X: 40, Y: 1, Z: 1}, 64, []uint64{at, 64})
			var fault *ptx.Fault
			if err != nil && !errors.As(err, &fault) {
				t.Errorf("a launch failed without a reason: %v", err)
			}
		}
	})
}
