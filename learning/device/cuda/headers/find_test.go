package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// folder is one with headers of a CUDA version; cuda is more of cuda.h.
func folder(t *testing.T, version int, cuda string) string {
	t.Helper()
	dir := t.TempDir()
	text := fmt.Sprintf("#define CUDA_VERSION %d\n%s", version, cuda)
	for name, s := range map[string]string{"cuda.h": text, "cublas_v2.h": "", "nvrtc.h": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFind(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("headers are looked for under Linux only")
	}
	tree, err := filepath.Abs("../../../..")
	if err != nil {
		t.Fatal(err)
	}
	for version, fits := range map[int]bool{11070: false, 11080: true, 12000: true, 12090: true, 13000: true, 13050: true, 14000: false} {
		dir := folder(t, version, "")
		cmd := exec.Command("./find.sh")
		cmd.Env = append(os.Environ(), "CUDA_INCLUDE="+dir)
		var complaint bytes.Buffer
		cmd.Stderr = &complaint
		said, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.HasPrefix(complaint.String(), "CUDA_INCLUDE="+dir+" is left aside"); told == fits {
			t.Errorf("of headers of CUDA %d it said %q", version, &complaint)
		}
		want := dir
		if version >= 13000 {
			want = filepath.Join(tree, "learning/device/cuda/headers/cuda13") + ":" + dir + ":" + dir + "/cccl"
		}
		if got := strings.TrimSpace(string(said)); fits != (got == want) {
			t.Errorf("headers of CUDA %d: found %q, want %q: %v", version, got, want, fits)
		}
	}
}

// A folder can be named in the environment and behind make.
func TestMakeHandsThePathOn(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil || runtime.GOOS != "linux" {
		t.Skip("no make under Linux")
	}
	const named = "CUDA_INCLUDE=/nowhere"
	for _, behind := range []bool{false, true} {
		cmd := exec.Command("make", "-n", "-C", "../../../..", "compiled")
		cmd.Env = append(os.Environ(), "MAKEFLAGS=", "MAKEOVERRIDES=") // not those of a make that runs the tests
		if behind {
			cmd.Args = append(cmd.Args, named)
		} else {
			cmd.Env = append(cmd.Env, named)
		}
		said, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(said), named+" is left aside") {
			t.Errorf("behind make %v: %v\n%s", behind, err, said)
		}
	}
}

// thirteen declares what cuda.h of CUDA 13 gives other names than that of 12.
const thirteen = `
#include <stddef.h>
#define CUDAAPI
typedef int CUresult, CUdevice, CUmem_advise;
typedef unsigned long long CUdeviceptr;
typedef struct context *CUcontext;
typedef struct params CUctxCreateParams;
typedef struct event *CUevent;
typedef struct graph *CUgraph;
typedef struct node *CUgraphNode;
typedef struct edge CUgraphEdgeData;
typedef struct stream *CUstream;
typedef struct { char bytes[16]; } CUuuid;
typedef struct { int type, id; } CUmemLocation;
#define cuCtxCreate cuCtxCreate_v4
#define cuDeviceGetUuid cuDeviceGetUuid_v2
#define cuEventElapsedTime cuEventElapsedTime_v2
#define cuGraphAddDependencies cuGraphAddDependencies_v2
#define cuGraphGetEdges cuGraphGetEdges_v2
#define cuMemAdvise cuMemAdvise_v2
#define cuMemPrefetchAsync cuMemPrefetchAsync_v2
CUresult cuCtxCreate(CUcontext *, CUctxCreateParams *, unsigned, CUdevice);
CUresult cuDeviceGetUuid(CUuuid *, CUdevice);
CUresult cuEventElapsedTime(float *, CUevent, CUevent);
CUresult cuGraphAddDependencies(CUgraph, const CUgraphNode *, const CUgraphNode *, const CUgraphEdgeData *, size_t);
CUresult cuGraphGetEdges(CUgraph, CUgraphNode *, CUgraphNode *, CUgraphEdgeData *, size_t *);
CUresult cuMemAdvise(CUdeviceptr, size_t, CUmem_advise, CUmemLocation);
CUresult cuMemPrefetchAsync(CUdeviceptr, size_t, CUmemLocation, unsigned, CUstream);
`

// calls are those of gorgonia.org/cu, with the arguments of CUDA 12.
const calls = `
#include <cuda.h>
int calls(CUcontext *c, CUdevice d, CUuuid *u, float *ms, CUevent e, CUgraph g, CUgraphNode *n, size_t *k, CUdeviceptr p, CUstream s) {
	return cuCtxCreate(c, 0, d) + cuDeviceGetUuid(u, d) + cuEventElapsedTime(ms, e, e) + cuGraphAddDependencies(g, n, n, 1) +
		cuGraphGetEdges(g, n, n, k) + cuMemAdvise(p, 1, 0, d) + cuMemPrefetchAsync(p, 1, d, s);
}
`

// With CUDA 13's headers the functions called are those of CUDA 12, which every
// driver has.
func TestThirteenIsCalledLikeTwelve(t *testing.T) {
	compiler := os.Getenv("CC")
	if compiler == "" {
		compiler = "cc"
	}
	if _, err := exec.LookPath(compiler); err != nil {
		t.Skip("no C compiler: ", err)
	}
	dir := folder(t, 13000, thirteen)
	source, out := filepath.Join(dir, "calls.c"), filepath.Join(dir, "calls.s")
	if err := os.WriteFile(source, []byte(calls), 0o644); err != nil {
		t.Fatal(err)
	}
	// cu names a folder of its own by -I; it must not come first.
	cmd := exec.Command(compiler, "-S", "-Wall", "-Werror", "-I", dir, "-o", out, source)
	cmd.Env = append(os.Environ(), "C_INCLUDE_PATH="+must(filepath.Abs("cuda13"))+":"+dir)
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../driver/symbols.h")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, field := range strings.FieldsFunc(string(text), func(r rune) bool { return strings.ContainsRune(" \t\n@,", r) }) {
		if !strings.HasPrefix(field, "cu") {
			continue
		}
		found++
		if !strings.Contains(string(list), "SYMBOL("+field+")\n") {
			t.Errorf("%s is called, which symbols.h has not", field)
		}
	}
	if found < 7 {
		t.Errorf("%d calls of 7 are in\n%s", found, text)
	}
}

func must[T any](x T, err error) T {
	if err != nil {
		panic(err)
	}
	return x
}
