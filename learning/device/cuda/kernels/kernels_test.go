package kernels

import (
	"math/rand"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPTXMatchesSources compares what the PTX says it was made of with the files
// beside it. On failure: make kernels.
func TestPTXMatchesSources(t *testing.T) {
	for i, m := range Sources {
		hash, err := m.Hash(".")
		if err != nil {
			t.Fatal(err)
		}
		if text := Modules(9, 0, true)[i]; !strings.Contains(text, "// sources "+hash+"\n") {
			t.Errorf("%s was made of other sources than those beside it: run make kernels", m.PTX)
		}
		stamp, err := os.ReadFile(m.Stamp())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(stamp), hash) {
			t.Errorf("%s is of other sources: run make kernels", m.Stamp())
		}
	}
}

var entry = regexp.MustCompile(`\.entry (\w+)\(`)

// TestPTXHasEveryKernel also looks for kernels that nobody launches.
func TestPTXHasEveryKernel(t *testing.T) {
	var have []string
	for _, text := range Modules(9, 0, true) {
		for _, m := range entry.FindAllStringSubmatch(text, -1) {
			have = append(have, m[1])
		}
	}
	var want []string
	for _, k := range All() {
		want = append(want, k.String())
	}
	slices.Sort(have)
	slices.Sort(want)
	if !slices.Equal(have, want) {
		t.Errorf("the PTX has the kernels\n%v, Go knows\n%v", have, want)
	}
}

// TestPTXIsReadByTheOldestDriver: driver 525 serves CUDA 12.0, which reads PTX 8.0.
func TestPTXIsReadByTheOldestDriver(t *testing.T) {
	version := regexp.MustCompile(`(?m)^\.version (\d)\.(\d)$`)
	for i, text := range Modules(9, 0, true) {
		if v := version.FindStringSubmatch(text); v == nil || v[1]+v[2] > "80" {
			t.Errorf("%s: its version is %q, want 8.0 at most: run make kernels with nvrtc 11.8 to 12.0", Sources[i].PTX, v)
		}
	}
}

// TestPTXUsesNoLocalMemory: registers that spill into arrays make products slow.
// (What ptxas spills is in README.md.)
func TestPTXUsesNoLocalMemory(t *testing.T) {
	for i, text := range Modules(9, 0, true) {
		if strings.Contains(text, "__local_depot") {
			t.Errorf("%s keeps arrays in local memory", Sources[i].PTX)
		}
	}
}

// TestQuotient compares multiplications with divisions.
func TestQuotient(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for range 100_000 {
		d := 1 + r.Intn(1<<uint(1+r.Intn(20)))
		n := r.Intn(1 << uint(1+r.Intn(31)))
		q := divideBy(d)
		if got := (uint64(n)*uint64(q.multiplier)>>32 + uint64(n)) >> q.shift; got != uint64(n/d) {
			t.Fatalf("%d/%d = %d, want %d", n, d, got, n/d)
		}
	}
	for _, d := range []int{1, 2, 3, 1 << 20} {
		q := divideBy(d)
		for _, n := range []uint64{0, 1, 1<<31 - 1} {
			if got := uint64(uint32(n*uint64(q.multiplier)>>32)+uint32(n)) >> q.shift; got != n/uint64(d) {
				t.Errorf("%d/%d = %d in 32 bits", n, d, got)
			}
		}
	}
}

// TestSplit: parts cover the depth, none is empty, and their number depends on
// sizes alone.
func TestSplit(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	for _, tile := range []tile{large, tall, narrow, slim, medium, little, small} {
		for range 2000 {
			tiles, k := 1+r.Intn(300), r.Intn(3_000_000)
			parts, depth := tile.split(tiles, k)
			if depth%tile.step != 0 || parts < 1 || parts*depth < k || (parts-1)*depth >= max(k, 1) || parts > 65535 {
				t.Fatalf("%+v: %d tiles of depth %d in %d parts of %d", tile, tiles, k, parts, depth)
			}
		}
	}
}
