//go:build nvidia && linux && cgo && (amd64 || arm64)

package emulate

import (
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Library builds the driver, unless it was built of the same sources before, and
// returns its path.
func Library(t testing.TB) string {
	t.Helper()
	path, err := built()
	if err != nil {
		t.Fatalf("building the emulated driver: %v", err)
	}
	return path
}

var built = sync.OnceValues(build)

func build() (string, error) {
	_, here, _, _ := runtime.Caller(0)
	cuda := filepath.Dir(filepath.Dir(here))
	folder := filepath.Join(cuda, "kernels")
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "cc"
	}
	args := []string{"-shared", "-fPIC", "-O2", "-std=gnu11", "-D_GNU_SOURCE", "-fno-strict-aliasing", "-I", folder, "-x", "c"}
	for _, m := range kernels.Sources {
		args = append(args, filepath.Join(folder, m.Source))
	}
	args = append(args, "-x", "none")
	hash := sha256.New()
	for _, pattern := range []string{"kernels/*.cu", "kernels/*.cuh", "kernels/*.h", "kernels/emulate/*.[ch]", "emulate/libcuda/*.[ch]"} {
		names, err := filepath.Glob(filepath.Join(cuda, pattern))
		if err != nil {
			return "", err
		}
		for _, n := range names {
			text, err := os.ReadFile(n)
			if err != nil {
				return "", err
			}
			hash.Write(text)
			if filepath.Ext(n) == ".c" {
				args = append(args, n)
			}
		}
	}
	fmt.Fprint(hash, compiler, args)
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	cache = filepath.Join(cache, "latco-emulated-cuda")
	library := filepath.Join(cache, fmt.Sprintf("libcuda-%x.so", hash.Sum(nil)[:8]))
	if _, err := os.Stat(library); err == nil {
		return library, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	unfinished := fmt.Sprintf("%s.%d", library, os.Getpid())
	defer os.Remove(unfinished)
	if said, err := exec.Command(compiler, slices.Concat(args, []string{"-lm", "-o", unfinished})...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, said)
	}
	return library, os.Rename(unfinished, library)
}
