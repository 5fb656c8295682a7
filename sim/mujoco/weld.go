package mujoco

// #include "mj.h"
import "C"

import (
	"math"
	"unsafe"
)

var equalities = kind{"equality constraint", C.mjOBJ_EQUALITY, func(m *Model) int { return int(m.p.neq) }}

// EvenWeld makes a weld hold the orientation as MuJoCo 3 does. Earlier versions weigh
// the rows that hold orientation by the inertia against translation, which for an arm
// makes them a hundred times stiffer: where it cannot reach, it gives up position
// rather than angle. The torque scale is what can make up for it. To be called before
// the model is used. Errors: *NameError.
func (m *Model) EvenWeld(name string) error {
	id, err := m.id(equalities, name)
	if err != nil || C.mjx_even_welds() != 0 {
		return err
	}
	bodies := [2]C.int{unsafe.Slice(m.p.eq_obj1id, int(m.p.neq))[id], unsafe.Slice(m.p.eq_obj2id, int(m.p.neq))[id]}
	weights := unsafe.Slice(m.p.body_invweight0, 2*m.NBody)
	var translation, rotation float64
	for _, b := range bodies {
		translation += float64(weights[2*b])
		rotation += float64(weights[2*b+1])
	}
	if rotation > 0 {
		data := unsafe.Slice(m.p.eq_data, C.mjNEQDATA*int(m.p.neq))
		data[C.mjNEQDATA*id+10] *= C.mjtNum(math.Sqrt(translation / rotation))
	}
	return nil
}
