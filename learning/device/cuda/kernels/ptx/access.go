package ptx

import (
	"fmt"
	"strings"
)

// memory decodes ld and st of parameters, global and shared memory.
func (d *decoder) memory(s *statement, in instruction) (instruction, error) {
	if err := in.access(strings.Split(s.op, ".")); err != nil {
		return in, err
	}
	if err := count(s, 2); err != nil {
		return in, err
	}
	address, value := s.operands[1], s.operands[0]
	if in.kind == kindStore {
		address, value = value, address
	}
	if address.form != formAddress {
		return in, fmt.Errorf("no address")
	}
	base, err := d.value(operand{form: formName, name: address.name})
	if address.name == "" {
		base, err = d.constant(0), nil
	}
	if err != nil {
		return in, err
	}
	in.offset = address.value
	list := []operand{value}
	if value.form == formVector {
		list = value.list
	}
	if len(list) != int(in.count) {
		return in, fmt.Errorf("%d numbers, want %d", len(list), in.count)
	}
	if in.kind == kindLoad {
		in.in = []int32{base}
		in.out, err = d.registers(value)
	} else {
		in.in, err = d.values([]int32{base}, list...)
	}
	return in, err
}

var widths = map[string]uint8{"u8": 1, "b8": 1, "u16": 2, "b16": 2, "b32": 4, "u32": 4, "s32": 4, "f32": 4, "b64": 8, "u64": 8, "s64": 8, "f64": 8}

func first(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return parts[0]
}

// access reads ld.space.nc.vector.type.
func (in *instruction) access(parts []string) error {
	in.kind, in.count = kindLoad, 1
	if parts[0] == "st" {
		in.kind = kindStore
	}
	in.space = spaceGeneric
	parts = parts[1:]
	if s, ok := map[string]space{"param": spaceParam, "global": spaceGlobal, "shared": spaceShared}[first(parts)]; ok {
		in.space, parts = s, parts[1:]
	}
	if first(parts) == "nc" && in.space == spaceGlobal && in.kind == kindLoad {
		in.constant, parts = true, parts[1:]
	}
	if v := first(parts); v == "v2" || v == "v4" {
		in.count, parts = v[1]-'0', parts[1:]
	}
	width, ok := widths[first(parts)]
	narrow := width < 4 && (in.space != spaceGlobal && in.space != spaceParam || in.kind == kindStore)
	if len(parts) != 1 || !ok || narrow || int(width)*int(in.count) > 16 || in.space == spaceParam && in.kind == kindStore {
		return errForm
	}
	in.width = width
	return nil
}
