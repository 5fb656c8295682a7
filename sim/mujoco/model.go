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

// JointKind is how a joint moves; its numbers in QPos and QVel follow from it.
type JointKind int

const (
	FreeJoint  JointKind = iota // 7 positions, 6 velocities
	BallJoint                   // 4 positions, 3 velocities
	SlideJoint                  // 1 and 1
	HingeJoint                  // 1 and 1
)

// Model is a compiled MJCF file. It is immutable and may be shared. Its memory is
// freed when it and every Data and Scene made from it are closed.
type Model struct {
	NQ, NV, NA, NU, NMocap      int // sizes of positions, velocities, activations, controls, mocap bodies
	NBody, NGeom, NSite, NJoint int
	NSensorData                 int // numbers of all sensors together

	CtrlRange    [][2]float64 // NU: limits of each control, {0, 0} where unlimited
	CtrlLimited  []bool       // NU: whether CtrlRange binds
	JointRange   [][2]float64 // NJoint: limits of each joint, {0, 0} where unlimited
	JointType    []JointKind  // NJoint
	JointQPos    []int        // NJoint: where the joint starts in QPos
	JointDof     []int        // NJoint: where the joint starts in QVel
	JointLimited []bool       // NJoint: whether JointRange binds
	BodyMocap    []int        // NBody: index of the mocap body, −1 if it is none
	BodyMass     []float64    // NBody: kg
	GeomSize     [][3]float64 // NGeom
	SiteSize     [][3]float64 // NSite

	Warnings []string // of the compiler, for files that are not the program's own

	name   string
	p      *C.mjModel
	users  atomic.Int32 // the owner, each Data, each Scene
	closed atomic.Bool
	images
	surfaces
}

// describe copies what callers ask for often, so that asking costs no C call.
func (m *Model) describe() {
	p := m.p
	m.NQ, m.NV, m.NA, m.NU, m.NMocap = int(p.nq), int(p.nv), int(p.na), int(p.nu), int(p.nmocap)
	m.NBody, m.NGeom, m.NSite, m.NJoint = int(p.nbody), int(p.ngeom), int(p.nsite), int(p.njnt)
	m.CtrlRange = copied[[2]float64](unsafe.Pointer(p.actuator_ctrlrange), m.NU)
	m.JointRange = copied[[2]float64](unsafe.Pointer(p.jnt_range), m.NJoint)
	m.NSensorData = int(p.nsensordata)
	m.JointType = copiedAs[JointKind](p.jnt_type, m.NJoint)
	m.JointLimited = flags(unsafe.Pointer(p.jnt_limited), m.NJoint)
	m.CtrlLimited = flags(unsafe.Pointer(p.actuator_ctrllimited), m.NU)
	m.BodyMass = copied[float64](unsafe.Pointer(p.body_mass), m.NBody)
	m.JointQPos = indices(p.jnt_qposadr, m.NJoint)
	m.JointDof = indices(p.jnt_dofadr, m.NJoint)
	m.BodyMocap = indices(p.body_mocapid, m.NBody)
	m.GeomSize = copied[[3]float64](unsafe.Pointer(p.geom_size), m.NGeom)
	m.SiteSize = copied[[3]float64](unsafe.Pointer(p.site_size), m.NSite)
}

func copied[T any](p unsafe.Pointer, n int) []T {
	return append([]T(nil), unsafe.Slice((*T)(p), n)...)
}

func flags(p unsafe.Pointer, n int) []bool {
	out := make([]bool, n)
	for i, b := range unsafe.Slice((*byte)(p), n) {
		out[i] = b != 0
	}
	return out
}

func indices(p *C.int, n int) []int { return copiedAs[int](p, n) }

func copiedAs[T ~int](p *C.int, n int) []T {
	out := make([]T, n)
	for i, v := range unsafe.Slice(p, n) {
		out[i] = T(v)
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
