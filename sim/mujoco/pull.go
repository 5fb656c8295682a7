package mujoco

// #include "mj.h"
import "C"

import "unsafe"

// Pull ties a critically damped spring from the point local (in the body's
// frame, metres) to the world point target. It acts in every following Step until
// Release or Reset. Its stiffness per unit of felt mass is the model's
// <visual><map stiffness/>. A mocap body has no dynamics and is put there.
func (d *Data) Pull(body int, local, target [3]float64) error {
	if err := d.hold(body, local, target); err != nil {
		return err
	}
	if id := d.m.BodyMocap[body]; id >= 0 {
		return d.placeMocap(id, body)
	}
	if int(d.c.pulled) != body {
		d.Release()
	}
	d.c.pulled = C.int32_t(body)
	return nil
}

// Pulls says whether a body is on the spring.
func (d *Data) Pulls() bool { return d.c != nil && d.c.pulled != 0 }

// Release lets go of the pulled body, if any.
func (d *Data) Release() {
	if d.p == nil || d.c.pulled == 0 {
		return
	}
	view[[6]float64](unsafe.Pointer(d.p.xfrc_applied), d.m.NBody)[d.c.pulled] = [6]float64{}
	d.c.pulled = 0
}

// Place moves the body at once, through the joints that carry it, so that its
// point local comes as near to target as the joints and their limits allow. It is
// what dragging does while time stands still. Velocities stay.
func (d *Data) Place(body int, local, target [3]float64) error {
	if err := d.hold(body, local, target); err != nil {
		return err
	}
	if id := d.m.BodyMocap[body]; id >= 0 {
		return d.placeMocap(id, body)
	}
	return d.result(C.mjx_place(d.m.p, d.p, d.c, C.int(body)), "place "+d.m.BodyName(body))
}

func (d *Data) hold(body int, local, target [3]float64) error {
	if d.p == nil {
		return ErrClosed
	}
	if body <= 0 || body >= d.m.NBody {
		return &BodyError{body, d.m.NBody}
	}
	if err := Finite("held point", local[:]); err != nil {
		return err
	}
	if err := Finite("target", target[:]); err != nil {
		return err
	}
	for i := range 3 {
		d.c.local[i], d.c.target[i] = C.double(local[i]), C.double(target[i])
	}
	return nil
}

func (d *Data) placeMocap(id, body int) error {
	for i := range 3 {
		r := d.BodyMat[body][3*i:]
		offset := r[0]*float64(d.c.local[0]) + r[1]*float64(d.c.local[1]) + r[2]*float64(d.c.local[2])
		d.MocapPos[id][i] = float64(d.c.target[i]) - offset
	}
	return d.Kinematics()
}
