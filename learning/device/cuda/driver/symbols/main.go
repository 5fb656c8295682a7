// Command symbols lists what gorgonia.org/cu calls of NVIDIA's libraries, and the
// functions that this module calls itself, as symbols.h.
package main

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// called are functions that cu has no call for.
var called = []string{
	"cuFuncSetAttribute", "cuMemHostAlloc",
	"cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphLaunch",
	"cuGraphExecDestroy", "cuGraphDestroy",
	"cuGraphAddKernelNode", "cuStreamWaitValue32", "cuStreamWriteValue32", // of cu, by the headers of CUDA 11.8
	"cublasGetVersion_v2", "cublasSetMathMode", "cublasSetStream_v2", "cublasSetWorkspace_v2",
}

// own are functions with NVIDIA's prefix that cu defines, and the one that driver.c does.
var own = []string{"cuAllocAndCopy", "cuDeviceGetAttributes", "cuLaunchAndSync", "cuInit"}

func main() {
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "symbols:", err)
		os.Exit(1)
	}
}

func write(name string) error {
	all := slices.Clone(called)
	for _, pkg := range []string{"gorgonia.org/cu", "gorgonia.org/cu/blas", "gorgonia.org/cu/nvrtc"} {
		names, err := undefined(pkg)
		if err != nil {
			return fmt.Errorf("%s: %w", pkg, err)
		}
		all = append(all, names...)
	}
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(s string) bool { return slices.Contains(own, s) })
	out := bytes.NewBufferString("// Made by the program symbols: what is called of libcuda, libcublas and libnvrtc.\n")
	for _, s := range all {
		fmt.Fprintf(out, "SYMBOL(%s)\n", s)
	}
	return os.WriteFile(name, out.Bytes(), 0o644)
}

// undefined are the names that a package's C objects do not define.
func undefined(pkg string) ([]string, error) {
	dir, err := os.MkdirTemp("", "symbols-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	archive := filepath.Join(dir, "package.a")
	if said, err := exec.Command("go", "build", "-o", archive, pkg).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w\n%s", err, said)
	}
	text, err := os.ReadFile(archive)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, object := range members(text) {
		f, err := elf.NewFile(bytes.NewReader(object))
		if err != nil {
			continue // the Go part of the archive
		}
		list, err := f.Symbols()
		if err != nil {
			return nil, err
		}
		for _, s := range list {
			if s.Section == elf.SHN_UNDEF && (strings.HasPrefix(s.Name, "cu") || strings.HasPrefix(s.Name, "nvrtc")) {
				names = append(names, s.Name)
			}
		}
	}
	return names, nil
}

// members cuts an ar archive.
func members(archive []byte) [][]byte {
	var out [][]byte
	r := bytes.NewReader(archive)
	r.Seek(int64(len("!<arch>\n")), io.SeekStart)
	for {
		var header [60]byte
		if _, err := io.ReadFull(r, header[:]); err != nil {
			return out
		}
		size, err := strconv.Atoi(strings.TrimSpace(string(header[48:58])))
		if err != nil {
			return out
		}
		data := make([]byte, size+size%2)
		if _, err := io.ReadFull(r, data); err != nil {
			return out
		}
		out = append(out, data[:size])
	}
}
