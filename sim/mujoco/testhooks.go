package mujoco

// #include "mj.h"
import "C"

// Tests cannot use cgo themselves; these two are for them.

// fail provokes a fatal error inside a guard.
func (d *Data) fail() error { return d.result(C.mjx_fail(d.c), "fail") }

// bareLoop steps n times as a C program would, with no checks at all.
func (d *Data) bareLoop(n int) { C.mjx_bare_loop(d.m.p, d.p, C.int(n)) }
