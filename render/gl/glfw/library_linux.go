package glfw

/*
#cgo LDFLAGS: -ldl
#include <dlfcn.h>
#include <stdlib.h>

static const char* bring_in(const char* name) { return dlopen(name, RTLD_LAZY | RTLD_GLOBAL) ? NULL : dlerror(); }
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// openLibraries brings in what GLFW and Fyne call by name. The program is linked
// with these libraries, but its build lets go of that tie (see the Makefile), so
// that a computer without them gets this error and not the loader's.
func openLibraries() error {
	for _, l := range []struct{ file, pkg string }{{"libX11.so.6", "libx11-6"}, {"libGL.so.1", "libgl1"}} {
		name := C.CString(l.file)
		reason := C.bring_in(name)
		C.free(unsafe.Pointer(name))
		if reason != nil {
			return fmt.Errorf("a window needs X11 and OpenGL: %s; install them: apt-get install libx11-6 libgl1 libgl1-mesa-dri libxcursor1 libxi6 libxrandr2 libxinerama1 (missing now: %s)",
				C.GoString(reason), l.pkg)
		}
	}
	return nil
}
