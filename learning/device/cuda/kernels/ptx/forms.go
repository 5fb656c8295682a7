package ptx

import (
	"errors"
	"fmt"
	"strings"
)

// function of lanes: d = f(a, b, c), row by row.
type operation struct {
	run      func(d, a, b, c *row)
	operands int // it reads
}

var errForm = errors.New("this form is not supported")

func (d *decoder) arithmetic(s *statement, in instruction, a operation) (instruction, error) {
	if err := count(s, 1+a.operands); err != nil {
		return in, err
	}
	for _, o := range s.operands {
		single, double := strings.HasSuffix(s.op, "f32"), strings.HasSuffix(s.op, "f64")
		if o.form == formSingle && double || o.form == formDouble && single {
			return in, errors.New("a number of another width")
		}
	}
	in.kind, in.run = kindArithmetic, a.run
	var err error
	if in.out, err = d.registers(s.operands[0]); err != nil {
		return in, err
	}
	in.in, err = d.values(nil, s.operands[1:]...)
	return in, err
}

// setp.compare.type p, a, b or setp.compare.logic.type p, a, b, q.
func (d *decoder) setp(s *statement, in instruction) (instruction, error) {
	parts := strings.Split(s.op, ".")
	in.kind = kindCompare
	n := 3
	if len(parts) == 4 {
		n = 4
		in.logic = logics[parts[2]]
		parts = []string{parts[0], parts[1], parts[3]}
		if in.logic == nil {
			return in, errForm
		}
	}
	if len(parts) != 3 {
		return in, errForm
	}
	if in.compare = compares[parts[1]+"."+parts[2]]; in.compare == nil {
		return in, errForm
	}
	err := count(s, n)
	if err == nil {
		in.p, err = d.predicate(s.operands[0].name)
	}
	if err == nil && n == 4 {
		in.q, err = d.predicate(s.operands[3].name)
		in.negate[0] = s.operands[3].not
	}
	if err == nil {
		in.in, err = d.values(nil, s.operands[1:3]...)
	}
	return in, err
}

// selp.type d, a, b, p.
func (d *decoder) selp(s *statement, in instruction) (instruction, error) {
	in.kind = kindSelect
	err := count(s, 4)
	if err == nil {
		in.out, err = d.registers(s.operands[0])
	}
	if err == nil {
		in.in, err = d.values(nil, s.operands[1:3]...)
	}
	if err == nil {
		in.q, err = d.predicate(s.operands[3].name)
	}
	return in, err
}

var logics = map[string]func(a, b uint32) uint32{
	"and": func(a, b uint32) uint32 { return a & b },
	"or":  func(a, b uint32) uint32 { return a | b },
	"xor": func(a, b uint32) uint32 { return a ^ b },
	"mov": func(a, _ uint32) uint32 { return a },
	"not": func(a, _ uint32) uint32 { return ^a },
}

// logic decodes and.pred p, q, r; mov.pred also takes a number.
func (d *decoder) logic(s *statement, in instruction) (instruction, error) {
	name, _, _ := strings.Cut(s.op, ".")
	in.kind, in.logic = kindLogic, logics[name]
	n := 3
	if name == "mov" || name == "not" {
		n = 2
	}
	if err := count(s, n); err != nil {
		return in, err
	}
	var err error
	if in.p, err = d.predicate(s.operands[0].name); err != nil {
		return in, err
	}
	if o := s.operands[1]; name == "mov" && o.form == formInteger {
		value := uint32(0)
		if o.value != 0 {
			value = ^value
		}
		in.logic = func(_, _ uint32) uint32 { return value }
		return in, nil
	}
	if in.q, err = d.predicate(s.operands[1].name); err != nil || n == 2 {
		return in, err
	}
	in.r, err = d.predicate(s.operands[2].name)
	return in, err
}

// halves decodes mov.b64 between a register and two of half its width.
func (d *decoder) halves(s *statement, in instruction) (instruction, error) {
	err := count(s, 2)
	if err != nil {
		return in, err
	}
	to, from := s.operands[0], s.operands[1]
	if in.out, err = d.registers(to); err != nil {
		return in, err
	}
	switch {
	case to.form == formVector && len(to.list) == 2 && from.form == formName:
		in.kind = kindUnpack
		in.in, err = d.values(nil, from)
	case to.form == formName && from.form == formVector && len(from.list) == 2:
		in.kind = kindPack
		in.in, err = d.values(nil, from.list...)
	default:
		err = errForm
	}
	return in, err
}

// branch decodes bra label and bra.uni label.
func (d *decoder) branch(s *statement, in instruction) (instruction, error) {
	if s.op != "bra" && s.op != "bra.uni" {
		return in, errForm
	}
	if err := count(s, 1); err != nil {
		return in, err
	}
	to, ok := d.f.labels[s.operands[0].name]
	if !ok {
		return in, fmt.Errorf("there is no label %q", s.operands[0].name)
	}
	in.kind, in.target = kindBranch, int32(to)
	return in, nil
}

func (d *decoder) end(s *statement, in instruction) (instruction, error) {
	in.kind = kindExit
	if s.op == "trap" {
		in.kind = kindTrap
	}
	if strings.Contains(s.op, ".") {
		return in, errForm
	}
	return in, count(s, 0)
}
