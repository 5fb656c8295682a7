package mujoco

// #include "mj.h"
import "C"

import "unsafe"

// Poses are where things are in the world (m, z up), as of the last Step, Start,
// Advance, Forward or Kinematics. They are views of the simulator's memory: read
// only.
type Poses struct {
	BodyPos    [][3]float64 // NBody: the body's frame
	BodyQuat   [][4]float64 // NBody: w, x, y, z
	BodyMat    [][9]float64 // NBody: rotation, row-major
	BodyCom    [][3]float64 // NBody: centre of mass of the body
	SubtreeCom [][3]float64 // NBody: centre of mass of the body and all it carries
	GeomPos    [][3]float64 // NGeom
	GeomMat    [][9]float64 // NGeom
	SitePos    [][3]float64 // NSite
	SiteMat    [][9]float64 // NSite
}

// Forces are what the simulator derives beyond poses, as of the stage of the last
// step that computes it. Spatial vectors are rotation first, about the subtree's
// centre of mass. Read only.
type Forces struct {
	CInert        [][10]float64 // NBody: inertia (6), mass times position (3), mass
	CVel          [][6]float64  // NBody: velocity
	CfrcExt       [][6]float64  // NBody: external force, by ContactForces only
	QfrcActuator  []float64     // NV: actuator force on each degree of freedom
	QAcc          []float64     // NV: acceleration
	ActuatorForce []float64     // NU
	SensorData    []float64     // see Model.Sensor
}

func (d *Data) derive() {
	p, m := d.p, d.m
	d.Poses = Poses{
		BodyPos:    view[[3]float64](unsafe.Pointer(p.xpos), m.NBody),
		BodyQuat:   view[[4]float64](unsafe.Pointer(p.xquat), m.NBody),
		BodyMat:    view[[9]float64](unsafe.Pointer(p.xmat), m.NBody),
		BodyCom:    view[[3]float64](unsafe.Pointer(p.xipos), m.NBody),
		SubtreeCom: view[[3]float64](unsafe.Pointer(p.subtree_com), m.NBody),
		GeomPos:    view[[3]float64](unsafe.Pointer(p.geom_xpos), m.NGeom),
		GeomMat:    view[[9]float64](unsafe.Pointer(p.geom_xmat), m.NGeom),
		SitePos:    view[[3]float64](unsafe.Pointer(p.site_xpos), m.NSite),
		SiteMat:    view[[9]float64](unsafe.Pointer(p.site_xmat), m.NSite),
	}
	d.Forces = Forces{
		CInert:        view[[10]float64](unsafe.Pointer(p.cinert), m.NBody),
		CVel:          view[[6]float64](unsafe.Pointer(p.cvel), m.NBody),
		CfrcExt:       view[[6]float64](unsafe.Pointer(p.cfrc_ext), m.NBody),
		QfrcActuator:  view[float64](unsafe.Pointer(p.qfrc_actuator), m.NV),
		QAcc:          view[float64](unsafe.Pointer(p.qacc), m.NV),
		ActuatorForce: view[float64](unsafe.Pointer(p.actuator_force), m.NU),
		SensorData:    view[float64](unsafe.Pointer(p.sensordata), m.NSensorData),
	}
}

// Contact is a pair of geoms nearer than their margin.
type Contact struct {
	Geom1, Geom2 int     // −1 for what is no geom
	Dist         float64 // m; negative is how deep they overlap
}

// NContact is the number of contacts found by the last step's collision detection.
func (d *Data) NContact() int { return int(d.p.ncon) }

// Contact is one of NContact.
func (d *Data) Contact(i int) Contact {
	var geoms [2]C.int
	C.mjx_contact_geoms(d.p, C.int(i), &geoms[0])
	return Contact{int(geoms[0]), int(geoms[1]), float64(unsafe.Slice(d.p.contact, i+1)[i].dist)}
}
