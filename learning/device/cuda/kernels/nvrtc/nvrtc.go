//go:build linux && cgo

// Package nvrtc compiles CUDA C to PTX by NVIDIA's run-time compiler, which it opens
// when it is asked for: it needs neither a card, nor a driver, nor CUDA's headers.
package nvrtc

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>

typedef struct program* program;

static struct {
	void* library;
	int (*version)(int*, int*);
	int (*create)(program*, const char*, const char*, int, const char**, const char**);
	int (*compile)(program, int, const char**);
	int (*log_size)(program, size_t*);
	int (*log)(program, char*);
	int (*ptx_size)(program, size_t*);
	int (*ptx)(program, char*);
	int (*destroy)(program*);
} nvrtc;

// nvrtc_open returns the name of what is missing.
static const char* nvrtc_open(const char* path) {
	nvrtc.library = dlopen(path, RTLD_NOW);
	if (!nvrtc.library) return dlerror();
	struct {
		void** to;
		const char* name;
	} all[] = {
		{(void**)&nvrtc.version, "nvrtcVersion"}, {(void**)&nvrtc.create, "nvrtcCreateProgram"},
		{(void**)&nvrtc.compile, "nvrtcCompileProgram"}, {(void**)&nvrtc.log_size, "nvrtcGetProgramLogSize"},
		{(void**)&nvrtc.log, "nvrtcGetProgramLog"}, {(void**)&nvrtc.ptx_size, "nvrtcGetPTXSize"},
		{(void**)&nvrtc.ptx, "nvrtcGetPTX"}, {(void**)&nvrtc.destroy, "nvrtcDestroyProgram"},
	};
	for (unsigned i = 0; i < sizeof all / sizeof *all; i++)
		if (!(*all[i].to = dlsym(nvrtc.library, all[i].name))) return all[i].name;
	return 0;
}

static int nvrtc_version(int* major, int* minor) { return nvrtc.version(major, minor); }

// nvrtc_compile gives the text, or what the compiler said about it.
static int nvrtc_compile(const char* source, const char* name, int n, const char** options, char** text) {
	program p;
	int code = nvrtc.create(&p, source, name, 0, 0, 0);
	if (code) return code;
	code = nvrtc.compile(p, n, options);
	size_t bytes = 0;
	int got = code ? nvrtc.log_size(p, &bytes) : nvrtc.ptx_size(p, &bytes);
	*text = calloc(1, bytes + 1);
	if (!got) got = code ? nvrtc.log(p, *text) : nvrtc.ptx(p, *text);
	nvrtc.destroy(&p);
	return code ? code : got;
}
*/
import "C"

import (
	"fmt"
	"strings"
	"unsafe"
)

// names are where a library may be found, in the order of preference: PTX of the
// oldest is understood by the most drivers.
var names = []string{"libnvrtc.so.11.2", "libnvrtc.so.12", "libnvrtc.so.13", "libnvrtc.so"}

// Compiler is an opened nvrtc.
type Compiler struct{ Major, Minor int }

// Open opens the library at path, or the first that the system has.
func Open(path string) (*Compiler, error) {
	tried := names
	if path != "" {
		tried = []string{path}
	}
	var said []string
	for _, name := range tried {
		c := C.CString(name)
		missing := C.nvrtc_open(c)
		C.free(unsafe.Pointer(c))
		if missing == nil {
			var major, minor C.int
			if code := C.nvrtc_version(&major, &minor); code != 0 {
				return nil, fmt.Errorf("asking %s for its version: code %d", name, code)
			}
			return &Compiler{int(major), int(minor)}, nil
		}
		said = append(said, C.GoString(missing))
	}
	return nil, fmt.Errorf("no CUDA run-time compiler: %s", strings.Join(said, "; "))
}

// Compile makes PTX of a source called name. An error has the compiler's messages.
func (*Compiler) Compile(source, name string, options ...string) (string, error) {
	text, title := C.CString(source), C.CString(name)
	defer C.free(unsafe.Pointer(text))
	defer C.free(unsafe.Pointer(title))
	list := C.malloc(C.size_t(len(options)+1) * C.size_t(unsafe.Sizeof(uintptr(0))))
	defer C.free(list)
	for i, o := range options {
		c := C.CString(o)
		defer C.free(unsafe.Pointer(c))
		unsafe.Slice((**C.char)(list), len(options))[i] = c
	}
	var out *C.char
	code := C.nvrtc_compile(text, title, C.int(len(options)), (**C.char)(list), &out)
	defer C.free(unsafe.Pointer(out))
	if code != 0 {
		return "", fmt.Errorf("compiling %s: code %d\n%s", name, code, C.GoString(out))
	}
	return C.GoString(out), nil
}
