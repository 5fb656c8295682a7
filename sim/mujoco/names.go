package mujoco

/*
#include <stdlib.h>
#include "mj.h"
*/
import "C"

import "unsafe"

// kind is a type of named object.
type kind struct {
	word string
	obj  C.int
	n    func(*Model) int
}

var (
	bodies    = kind{"body", C.mjOBJ_BODY, func(m *Model) int { return m.NBody }}
	joints    = kind{"joint", C.mjOBJ_JOINT, func(m *Model) int { return m.NJoint }}
	geoms     = kind{"geom", C.mjOBJ_GEOM, func(m *Model) int { return m.NGeom }}
	sites     = kind{"site", C.mjOBJ_SITE, func(m *Model) int { return m.NSite }}
	sensors   = kind{"sensor", C.mjOBJ_SENSOR, func(m *Model) int { return int(m.p.nsensor) }}
	actuators = kind{"actuator", C.mjOBJ_ACTUATOR, func(m *Model) int { return m.NU }}
)

// Body, Joint, Geom, Site and Actuator find an object by name, or return a
// *NameError that lists the names there are.
func (m *Model) Body(name string) (int, error)     { return m.id(bodies, name) }
func (m *Model) Joint(name string) (int, error)    { return m.id(joints, name) }
func (m *Model) Geom(name string) (int, error)     { return m.id(geoms, name) }
func (m *Model) Site(name string) (int, error)     { return m.id(sites, name) }
func (m *Model) Actuator(name string) (int, error) { return m.id(actuators, name) }

// Sensor is where a sensor's numbers are in Data.SensorData.
type Sensor struct{ Adr, Dim int }

// Sensor finds a sensor by name, or returns a *NameError.
func (m *Model) Sensor(name string) (Sensor, error) {
	id, err := m.id(sensors, name)
	if err != nil {
		return Sensor{}, err
	}
	n := int(m.p.nsensor)
	return Sensor{int(unsafe.Slice(m.p.sensor_adr, n)[id]), int(unsafe.Slice(m.p.sensor_dim, n)[id])}, nil
}

// Of is the part of Data.SensorData that belongs to the sensor.
func (s Sensor) Of(d *Data) []float64 { return d.SensorData[s.Adr : s.Adr+s.Dim] }

// BodyName and GeomName are "" for objects without a name.
func (m *Model) BodyName(id int) string { return m.nameOf(bodies, id) }
func (m *Model) GeomName(id int) string { return m.nameOf(geoms, id) }

// GeomBody and SiteBody are the bodies that carry a geom or site.
func (m *Model) GeomBody(id int) int { return int(unsafe.Slice(m.p.geom_bodyid, m.NGeom)[id]) }
func (m *Model) SiteBody(id int) int { return int(unsafe.Slice(m.p.site_bodyid, m.NSite)[id]) }

func (m *Model) id(k kind, name string) (int, error) {
	text := C.CString(name)
	defer C.free(unsafe.Pointer(text))
	if id := int(C.mjx_id(m.p, k.obj, text)); id >= 0 {
		return id, nil
	}
	var known []string
	for i := range k.n(m) {
		if s := m.nameOf(k, i); s != "" {
			known = append(known, s)
		}
	}
	return 0, &NameError{k.word, name, known}
}

func (m *Model) nameOf(k kind, id int) string {
	if text := C.mjx_name(m.p, k.obj, C.int(id)); text != nil {
		return C.GoString(text)
	}
	return ""
}
