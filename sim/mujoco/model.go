package mujoco

/*
#include <stdlib.h>
#include "mj.h"
*/
import "C"

import (
	"sync/atomic"
	"unsafe"
)

// Model is a compiled MJCF file. It is immutable and may be shared. Its memory is
// freed when it and every Data and Scene made from it are closed.
type Model struct {
	NQ, NV, NA, NU, NMocap      int // sizes of positions, velocities, activations, controls, mocap bodies
	NBody, NGeom, NSite, NJoint int

	CtrlRange  [][2]float64 // NU: limits of each control, {0, 0} where unlimited
	JointRange [][2]float64 // NJoint: limits of each joint, {0, 0} where unlimited
	JointQPos  []int        // NJoint: where the joint starts in QPos
	JointDof   []int        // NJoint: where the joint starts in QVel
	BodyMocap  []int        // NBody: index of the mocap body, −1 if it is none
	GeomSize   [][3]float64 // NGeom
	SiteSize   [][3]float64 // NSite

	name   string
	p      *C.mjModel
	users  atomic.Int32 // the owner, each Data, each Scene
	closed atomic.Bool
	images images
}

// Load compiles MJCF text; name is for messages. The errors are *LoadError and
// *VersionError.
func Load(name string, xml []byte) (*Model, error) {
	if err := install(); err != nil {
		return nil, err
	}
	if len(xml) == 0 {
		return nil, &LoadError{name, "the file is empty"}
	}
	var message [1024]C.char
	compiler.Lock()
	p := C.mjx_load(unsafe.Pointer(&xml[0]), C.int(len(xml)), &message[0], C.int(len(message)))
	compiler.Unlock()
	if text := C.GoString(&message[0]); p == nil || text != "" {
		if p != nil { // a warning of the compiler: an own MJCF file has no business causing one
			C.mjx_delete_model(p)
		}
		return nil, &LoadError{name, text}
	}
	m := &Model{name: name, p: p}
	m.users.Store(1)
	m.describe()
	m.images = readImages(p)
	return m, nil
}

// describe copies what callers ask for often, so that asking costs no C call.
func (m *Model) describe() {
	p := m.p
	m.NQ, m.NV, m.NA, m.NU, m.NMocap = int(p.nq), int(p.nv), int(p.na), int(p.nu), int(p.nmocap)
	m.NBody, m.NGeom, m.NSite, m.NJoint = int(p.nbody), int(p.ngeom), int(p.nsite), int(p.njnt)
	m.CtrlRange = copied[[2]float64](unsafe.Pointer(p.actuator_ctrlrange), m.NU)
	m.JointRange = copied[[2]float64](unsafe.Pointer(p.jnt_range), m.NJoint)
	m.JointQPos = indices(p.jnt_qposadr, m.NJoint)
	m.JointDof = indices(p.jnt_dofadr, m.NJoint)
	m.BodyMocap = indices(p.body_mocapid, m.NBody)
	m.GeomSize = copied[[3]float64](unsafe.Pointer(p.geom_size), m.NGeom)
	m.SiteSize = copied[[3]float64](unsafe.Pointer(p.site_size), m.NSite)
}

func copied[T any](p unsafe.Pointer, n int) []T {
	return append([]T(nil), unsafe.Slice((*T)(p), n)...)
}

func indices(p *C.int, n int) []int {
	out := make([]int, n)
	for i, v := range unsafe.Slice(p, n) {
		out[i] = int(v)
	}
	return out
}

// Timestep is the length of one physics step in seconds.
func (m *Model) Timestep() float64 { return float64(m.p.opt.timestep) }

// Close gives up the owner's hold. It may be called twice.
func (m *Model) Close() {
	if !m.closed.Swap(true) {
		m.release()
	}
}

func (m *Model) retain() error {
	if m.closed.Load() {
		return ErrClosed
	}
	m.users.Add(1)
	return nil
}

func (m *Model) release() {
	if m.users.Add(-1) == 0 {
		C.mjx_delete_model(m.p)
		m.p = nil
	}
}
