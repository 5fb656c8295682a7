//go:build nvidia && linux && cgo && (amd64 || arm64)

package nvrtc_test

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/nvrtc"
)

// TestPTXIsWhatTheCompilerMakes compiles the sources anew, where the compiler of
// the PTX beside them is found ($NVRTC, or the system's).
func TestPTXIsWhatTheCompilerMakes(t *testing.T) {
	compiler, err := nvrtc.Open(os.Getenv("NVRTC"))
	if err != nil {
		t.Skip("the hash in the PTX is all that can be compared: ", err)
	}
	t.Chdir("..")
	for _, m := range kernels.Sources {
		hash, err := m.Hash(".")
		if err != nil {
			t.Fatal(err)
		}
		have, err := os.ReadFile(m.PTX)
		if err != nil {
			t.Fatal(err)
		}
		header := m.Header(hash, compiler.Major, compiler.Minor)
		if !strings.HasPrefix(string(have), header) {
			t.Skipf("%s was made by another version than nvrtc %d.%d", m.PTX, compiler.Major, compiler.Minor)
		}
		source, err := os.ReadFile(m.Source)
		if err != nil {
			t.Fatal(err)
		}
		ptx, err := compiler.Compile(string(source), m.Source, m.Options()...)
		if err != nil {
			t.Fatal(err)
		}
		was, is := instructions(string(have)), instructions(ptx)
		for kernel := range was {
			if !maps.Equal(was[kernel], is[kernel]) {
				t.Errorf("%s: %s is not what the compiler makes of %s: run make kernels\n%v\n%v", m.PTX, kernel, m.Source, was[kernel], is[kernel])
			}
		}
		if len(was) != len(is) || len(was) == 0 {
			t.Errorf("%s has %d kernels, %s makes %d", m.PTX, len(was), m.Source, len(is))
		}
	}
}

var (
	entry   = regexp.MustCompile(`\.entry (\w+)\(`)
	counted = regexp.MustCompile(`^\s+(?:@!?%p\d+ )?((?:fma|mma|div|sqrt|cvt\.rna|st\.global|bar|shfl|red|atom)[.\w]*)`)
)

// instructions counts, kernel by kernel, the instructions that compute, store and
// meet. Registers, the moves between them and how loads are put together differ
// from one run of the compiler to the next.
func instructions(ptx string) map[string]map[string]int {
	all := map[string]map[string]int{}
	var now map[string]int
	for line := range strings.Lines(ptx) {
		if m := entry.FindStringSubmatch(line); m != nil {
			now = map[string]int{}
			all[m[1]] = now
		} else if m := counted.FindStringSubmatch(line); m != nil && now != nil {
			now[m[1]]++
		}
	}
	return all
}

// TestErrors: what is wrong is said in the compiler's words.
func TestErrors(t *testing.T) {
	if _, err := nvrtc.Open("/nowhere/libnvrtc.so"); err == nil {
		t.Error("opening a library that is not there gave no error")
	}
	compiler, err := nvrtc.Open(os.Getenv("NVRTC"))
	if err != nil {
		t.Skip("no compiler: ", err)
	}
	if _, err := compiler.Compile("int f() { return nothing; }", "broken.cu"); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("compiling a broken source: %v, want what is wrong", err)
	}
}
