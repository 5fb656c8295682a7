// Package mujoco is the project's only way to libmujoco: models, data, steps,
// names, poses, the mouse's pull and the abstract scene, with Go types at the
// door and every failure a typed error.
//
// It builds with MuJoCo 2.2.2, which is Debian's libmujoco-dev, and with an
// unpacked official 3.x release. For the latter the Makefile turns MUJOCO_DIR
// into
//
//	CGO_CFLAGS  = -I$MUJOCO_DIR/include
//	CGO_LDFLAGS = -L$MUJOCO_DIR/lib -Wl,-rpath,$MUJOCO_DIR/lib
//
// where include/mujoco/mujoco.h and lib/libmujoco.so are found. Whatever differs
// between the versions is in compat.c. The library is opened when the first model
// is loaded: without one there is a [MissingError], and one of another version
// than the header is refused with a [VersionError] before it can do harm.
//
// A [Model] never changes after loading; any number of goroutines may share it.
// A [Data] or a [Scene] belongs to one goroutine at a time; different ones are
// independent. All three live in C memory and must be closed.
package mujoco

/*
#cgo CFLAGS: -O2 -Wall
#cgo LDFLAGS: -lm -ldl
#include "mj.h"
*/
import "C"

import (
	"fmt"
	"sync"
)

// Version is the version of the library in use, such as "2.2.2". Errors:
// *MissingError, *VersionError.
func Version() (string, error) {
	if err := install(); err != nil {
		return "", err
	}
	return versionText(int(C.mjx_library_version())), nil
}

// Up to 3.9 a version is written with one digit a part, later with three:
// 3.10.2 is 3010002.
func versionText(v int) string {
	base := 10
	if v >= 1_000_000 {
		base = 1000
	}
	return fmt.Sprintf("%d.%d.%d", v/base/base, v/base%base, v%base)
}

// install opens the library and claims its process-wide error handlers, once,
// and checks that header and library agree.
var install = sync.OnceValue(func() error {
	var message [512]C.char
	if C.mjx_install(&message[0], C.int(len(message))) != 0 {
		return &MissingError{Version: versionText(int(C.mjVERSION_HEADER)), Reason: C.GoString(&message[0])}
	}
	if header, library := int(C.mjVERSION_HEADER), int(C.mjx_library_version()); header != library {
		return &VersionError{Header: versionText(header), Library: versionText(library)}
	}
	return nil
})

// compiler serialises loading: MuJoCo's XML compiler keeps state of its own and
// changes the locale while it reads numbers.
var compiler sync.Mutex
