package mujoco

/*
#include <stdlib.h>
#include "mj.h"
*/
import "C"

import (
	"fmt"
	"syscall"
	"unsafe"
)

// What a file may take to be compiled and stepped twice.
const (
	trialSeconds   = 30   // of computing
	trialMegabytes = 4096 // of memory
)

// try returns a *LoadError if a file does not load, or if loading it would end or
// stall the process.
func try(file string) error {
	name := C.CString(file)
	defer C.free(unsafe.Pointer(name))
	var message [1024]C.char
	compiler.Lock() // a child must not inherit a compiler at work
	killed, err := C.mjx_try(name, trialSeconds, trialMegabytes, &message[0], C.int(len(message)))
	compiler.Unlock()
	switch signal := syscall.Signal(killed); signal {
	case 0:
		if message[0] != 0 {
			return &LoadError{file, C.GoString(&message[0])}
		}
		return nil
	case -1:
		return &LoadError{file, fmt.Sprintf("it cannot be tried in a process of its own: %v", err)}
	case syscall.SIGXCPU, syscall.SIGALRM, syscall.SIGKILL:
		return &LoadError{file, fmt.Sprintf("it takes more than %d seconds to compile and step", trialSeconds)}
	default:
		return &LoadError{file, fmt.Sprintf("it makes MuJoCo crash (%v), or needs more than %d MB of memory", signal, trialMegabytes)}
	}
}
