package mujoco

/*
#include <stdlib.h>
#include "mj.h"
*/
import "C"

import (
	"errors"
	"math"
	"unsafe"
)

// Data is the state of one simulation. The slices are the simulator's own memory:
// writing to them is setting the state, no call needed. They are nil after Close.
type Data struct {
	QPos, QVel, Act, Ctrl []float64    // NQ, NV, NA, NU
	MocapPos              [][3]float64 // NMocap
	MocapQuat             [][4]float64 // NMocap: w, x, y, z
	Warmstart             []float64    // NV: the constraint solver's first guess; part of an exact copy

	Poses
	Forces

	m *Model
	p *C.mjData
	c *C.mjx_context
}

// NewData makes a simulation in the model's initial state. Poses are not yet
// computed; call Forward.
func (m *Model) NewData() (*Data, error) {
	if err := m.retain(); err != nil {
		return nil, err
	}
	d := &Data{m: m, c: (*C.mjx_context)(C.calloc(1, C.sizeof_mjx_context))}
	d.c.work = (*C.double)(C.calloc(C.size_t(6*m.NV+1), 8))
	if d.p = C.mjx_data(m.p, d.c); d.p == nil {
		err := &FatalError{"make data for " + m.name, C.GoString(&d.c.message[0])}
		d.Close()
		return nil, err
	}
	p := d.p
	d.QPos = view[float64](unsafe.Pointer(p.qpos), m.NQ)
	d.QVel = view[float64](unsafe.Pointer(p.qvel), m.NV)
	d.Act = view[float64](unsafe.Pointer(p.act), m.NA)
	d.Ctrl = view[float64](unsafe.Pointer(p.ctrl), m.NU)
	d.MocapPos = view[[3]float64](unsafe.Pointer(p.mocap_pos), m.NMocap)
	d.MocapQuat = view[[4]float64](unsafe.Pointer(p.mocap_quat), m.NMocap)
	d.Warmstart = view[float64](unsafe.Pointer(p.qacc_warmstart), m.NV)
	d.derive()
	return d, nil
}

func view[T any](p unsafe.Pointer, n int) []T { return unsafe.Slice((*T)(p), n) }

// Model is what the data were made from.
func (d *Data) Model() *Model { return d.m }

// Time is the simulated time in seconds.
func (d *Data) Time() float64 { return float64(d.p.time) }

// SetTime sets the simulated time in seconds.
func (d *Data) SetTime(t float64) { d.p.time = C.mjtNum(t) }

// Step advances by n physics steps in one call. Poses are then those of the
// beginning of the last step, as always in MuJoCo; Kinematics brings them up to
// date. The errors are *NotFiniteError, *UnstableError and *FatalError; see there
// for the state that is left behind.
func (d *Data) Step(n int) error {
	if d.p == nil {
		return ErrClosed
	}
	if err := Finite("ctrl", d.Ctrl); err != nil {
		return err
	}
	return d.result(C.mjx_step(d.m.p, d.p, d.c, C.int(n)), "step")
}

// Start computes what follows from positions and velocities: poses, contacts,
// sensors of these. It is the first half of a step and leaves Warmstart alone.
func (d *Data) Start() error {
	if d.p == nil {
		return ErrClosed
	}
	return d.result(C.mjx_start(d.m.p, d.p, d.c), "start of a step")
}

// Advance advances by n physics steps as dm_control does: it ends the step that
// Start, Forward or the last Advance began, and begins the next one, so that
// afterwards everything that follows from positions and velocities is up to date
// at no extra cost. Between the two only Ctrl may change. Errors as for Step.
func (d *Data) Advance(n int) error {
	if d.p == nil {
		return ErrClosed
	}
	if err := Finite("ctrl", d.Ctrl); err != nil {
		return err
	}
	return d.result(C.mjx_advance(d.m.p, d.p, d.c, C.int(n)), "step")
}

// ContactForces computes CfrcExt (and the accelerations of bodies), which a step
// leaves at zero.
func (d *Data) ContactForces() error {
	if d.p == nil {
		return ErrClosed
	}
	return d.result(C.mjx_contact_forces(d.m.p, d.p, d.c), "contact forces")
}

// Forward computes everything that follows from the state: poses, contacts,
// forces, accelerations. It also renews Warmstart.
func (d *Data) Forward() error {
	if d.p == nil {
		return ErrClosed
	}
	return d.result(C.mjx_forward(d.m.p, d.p, d.c), "forward dynamics")
}

// Again is Forward for a copy of a state that Forward, Start or Advance has left: what
// it computes is equal to the bit.
func (d *Data) Again() error {
	if d.p == nil {
		return ErrClosed
	}
	return d.result(C.mjx_again(d.m.p, d.p, d.c), "forward dynamics")
}

// Kinematics computes poses from positions, and nothing else.
func (d *Data) Kinematics() error {
	if d.p == nil {
		return ErrClosed
	}
	return d.result(C.mjx_kinematics(d.m.p, d.p, d.c), "kinematics")
}

// Reset goes back to the model's initial state and lets go of a pulled body.
func (d *Data) Reset() error {
	if d.p == nil {
		return ErrClosed
	}
	d.c.pulled = 0
	if C.mjx_reset(d.m.p, d.p, d.c) != C.MJX_OK {
		return &FatalError{"reset", C.GoString(&d.c.message[0])}
	}
	return nil
}

var arrays = [...]string{"qpos", "qvel", "act"}

// result turns the code of a C call into an error, leaving the data in its
// initial state if there is one: what an unstable step leaves is half reset.
func (d *Data) result(code C.int, op string) error {
	var err error
	switch code {
	case C.MJX_OK:
		return nil
	case C.MJX_FATAL:
		err = &FatalError{op, C.GoString(&d.c.message[0])}
	case C.MJX_WARNING:
		err = &UnstableError{Warning(d.c.kind), int(d.c.index)}
	case C.MJX_NOT_FINITE:
		kind, i := int(d.c.kind), int(d.c.index)
		err = &NotFiniteError{arrays[kind], i, [][]float64{d.QPos, d.QVel, d.Act}[kind][i]}
	}
	if failed := d.Reset(); failed != nil {
		return errors.Join(err, failed)
	}
	return err
}

// Close frees the simulation. It may be called twice.
func (d *Data) Close() {
	if d.c == nil {
		return
	}
	if d.p != nil {
		C.mjx_delete_data(d.p)
	}
	C.free(unsafe.Pointer(d.c.work))
	C.free(unsafe.Pointer(d.c))
	m := d.m
	*d = Data{m: m}
	m.release()
}

// Finite returns a *NotFiniteError naming the array if a number in it is NaN or
// infinite.
func Finite(array string, x []float64) error {
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return &NotFiniteError{array, i, v}
		}
	}
	return nil
}
