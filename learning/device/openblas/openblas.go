//go:build cgo && linux && !purego

// Package openblas lets gonum's linear algebra, which planners use, run on
// OpenBLAS: a factorisation at LatCo's paper size (50 blocks of 234) takes a third
// of the time of gonum's own Go code.
package openblas

/*
#cgo LDFLAGS: -lopenblas -ldl
#include <dlfcn.h>

static const char* bring_in(void) {
	void* library = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_GLOBAL);
	if (!library) return dlerror();
	// Planners divide their work themselves.
	void (*threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
	if (threads) threads(1);
	return 0;
}
*/
import "C"

import (
	"fmt"

	"gonum.org/v1/gonum/blas/blas32"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/netlib/blas/netlib"
)

// Use makes OpenBLAS gonum's implementation of BLAS, for the whole
// process; call it before planning. Without OpenBLAS gonum's own stays, and the
// error says what to install.
func Use() error {
	if reason := C.bring_in(); reason != nil {
		return fmt.Errorf("cannot open OpenBLAS: %s; install it (Debian: apt-get install libopenblas0)", C.GoString(reason))
	}
	blas32.Use(netlib.Implementation{})
	blas64.Use(netlib.Implementation{})
	return nil
}
