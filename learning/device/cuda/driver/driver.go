//go:build nvidia && linux && cgo && (amd64 || arm64)

package driver

/*
#cgo LDFLAGS: -L${SRCDIR}/link -ldl
#include <stdlib.h>
#include "driver.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"unsafe"
)

//go:generate go run ./symbols symbols.h

var (
	mutex      sync.Mutex
	openedPath string // of libcuda, once it is open
	failure    error  // of the last try
	blasPath   string
)

const system = "libcuda.so.1"

// Open opens the system's driver, or the one at path, and initialises it. Once a
// driver is open it stays so for the process; another path is refused. What failed
// is remembered for that path and not tried again.
func Open(path string) error {
	mutex.Lock()
	defer mutex.Unlock()
	if path == "" {
		path = system
	}
	if openedPath == path {
		return failure
	}
	if openedPath != "" && failure == nil {
		return fmt.Errorf("opening %s: the process has %s open", path, openedPath)
	}
	openedPath, failure = path, open(path)
	return failure
}

func open(path string) error {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var message [512]C.char
	var serves C.int
	code := int(C.cuda_driver_open(name, &message[0], C.int(len(message)), &serves))
	said, system := C.GoString(&message[0]), os.DirFS("/")
	switch {
	case code == 0:
		return nil
	case code < 0:
		return &NoDriverError{missing(said, system), 0}
	}
	return &NoDriverError{explain(code, said, int(serves), system), code}
}

// OpenBLAS opens the first cuBLAS of names that there is and that start finds fit,
// and returns its name. It stays open for the process; a second call only starts.
func OpenBLAS(names []string, start func() error) (string, error) {
	mutex.Lock()
	defer mutex.Unlock()
	if blasPath != "" {
		if err := start(); err != nil {
			return "", fmt.Errorf("%s does not start: %w", blasPath, err)
		}
		return blasPath, nil
	}
	var unfit, missing []string
	for _, n := range names {
		if err := openBLAS(n); err != nil {
			missing = append(missing, err.Error())
			continue
		}
		err := start()
		if err == nil {
			blasPath = n
			return n, nil
		}
		C.cuda_driver_forget_blas()
		unfit = append(unfit, fmt.Sprintf("%s does not start: %v", n, err))
	}
	if len(unfit) > 0 {
		return "", errors.New(strings.Join(unfit, ", "))
	}
	return "", fmt.Errorf("no cuBLAS (%s)", strings.Join(missing, "; "))
}

func openBLAS(path string) error {
	return dlopen(path, func(name, message *C.char, size C.int) C.int { return C.cuda_driver_open_blas(name, message, size) })
}

// OpenNVRTC opens the first run-time compiler of names that there is and returns its
// name. It stays open for the process.
func OpenNVRTC(names []string) (string, error) {
	mutex.Lock()
	defer mutex.Unlock()
	var said []string
	for _, n := range names {
		err := dlopen(n, func(name, message *C.char, size C.int) C.int { return C.cuda_driver_open_nvrtc(name, message, size) })
		if err == nil {
			return n, nil
		}
		said = append(said, err.Error())
	}
	return "", fmt.Errorf("no CUDA run-time compiler: %s", strings.Join(said, "; "))
}

func dlopen(path string, open func(name, message *C.char, size C.int) C.int) error {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	var message [512]C.char
	if open(name, &message[0], C.int(len(message))) != 0 {
		return errors.New(C.GoString(&message[0]))
	}
	return nil
}

// Symbol is the address of a function of the open driver, nil if it has none of
// that name. Tests find the controls of an emulated driver so.
func Symbol(name string) unsafe.Pointer {
	c := C.CString(name)
	defer C.free(unsafe.Pointer(c))
	return C.cuda_driver_symbol(c)
}
