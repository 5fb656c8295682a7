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
// between the versions is in compat.c. A library of another version than the
// header is refused with a [VersionError] before it can do harm.
//
// A [Model] never changes after loading; any number of goroutines may share it.
// A [Data] or a [Scene] belongs to one goroutine at a time; different ones are
// independent. All three live in C memory and must be closed.
package mujoco

/*
#cgo CFLAGS: -O2 -Wall
#cgo LDFLAGS: -lmujoco -lm
#include "mj.h"
*/
import "C"

import (
	"fmt"
	"sync"
)

// Version is the version of the library in use, such as "2.2.2".
func Version() string { return versionText(int(C.mj_version())) }

// Up to 3.9 a version is written with one digit a part, later with three:
// 3.10.2 is 3010002.
func versionText(v int) string {
	base := 10
	if v >= 1_000_000 {
		base = 1000
	}
	return fmt.Sprintf("%d.%d.%d", v/base/base, v/base%base, v%base)
}

// install claims the library's process-wide error handlers, once, and checks
// that header and library agree.
var install = sync.OnceValue(func() error {
	C.mjx_install()
	if header, library := int(C.mjVERSION_HEADER), int(C.mj_version()); header != library {
		return &VersionError{Header: versionText(header), Library: versionText(library)}
	}
	return nil
})

// compiler serialises loading: MuJoCo's XML compiler keeps state of its own and
// changes the locale while it reads numbers.
var compiler sync.Mutex
