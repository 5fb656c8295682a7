package ptx

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// decoder turns a function into a kernel.
type decoder struct {
	f          *function
	k          *kernel
	rows       map[string]int32 // of registers
	constants  map[uint64]int32
	predicates map[string]int32
	next       int32 // row
}

func decode(mod *module, f *function) (*kernel, error) {
	d := decoder{f: f, k: &kernel{name: f.name, argument: f.param.size, threads: f.threads},
		rows: map[string]int32{}, constants: map[uint64]int32{}, predicates: map[string]int32{}}
	if f.param.size < 0 {
		return nil, fmt.Errorf("line %d: an argument without a size", f.line)
	}
	if err := d.k.shared.place(d.visible(mod)); err != nil {
		return nil, fmt.Errorf("line %d: %w", f.line, err)
	}
	for i := range f.statements {
		s := &f.statements[i]
		in, err := d.instruction(s)
		if err != nil {
			return nil, fmt.Errorf("line %d: %s: %w", s.line, s.op, err)
		}
		in.line = int32(s.line)
		d.k.code = append(d.k.code, in)
	}
	// Whoever runs past the end has ended.
	d.k.code = append(d.k.code, instruction{kind: kindExit, guard: -1, p: -1, q: -1, r: -1, line: int32(f.line)})
	d.k.predicates = len(d.predicates)
	d.compact()
	return d.k, nil
}

// visible is the shared memory a function uses: its own, and of the module's what
// it names.
func (d *decoder) visible(mod *module) []variable {
	named := map[string]bool{}
	for i := range d.f.statements {
		for _, o := range d.f.statements[i].operands {
			named[o.name] = true
		}
	}
	all := slices.Clone(d.f.shared)
	for _, v := range mod.shared {
		if named[v.name] {
			all = append(all, v)
		}
	}
	return all
}

func (d *decoder) instruction(s *statement) (instruction, error) {
	in := instruction{guard: -1, p: -1, q: -1, r: -1, target: -1}
	var err error
	if s.guard != "" {
		if in.guard, err = d.predicate(s.guard); err != nil {
			return in, err
		}
		in.unless = s.unless
	}
	if a, ok := arithmetic[s.op]; ok && !hasVector(s) {
		return d.arithmetic(s, in, a)
	}
	for _, family := range families {
		if s.op == family.op || strings.HasPrefix(s.op, family.op+".") {
			return family.decode(d, s, in)
		}
	}
	return in, fmt.Errorf("not supported")
}

func hasVector(s *statement) bool {
	return slices.ContainsFunc(s.operands, func(o operand) bool { return o.form == formVector })
}

// family decodes the opcodes that begin with op.
type family struct {
	op     string
	decode func(*decoder, *statement, instruction) (instruction, error)
}

var families = []family{
	{"setp", (*decoder).setp},
	{"selp", (*decoder).selp},
	{"mov.pred", (*decoder).logic},
	{"and.pred", (*decoder).logic},
	{"or.pred", (*decoder).logic},
	{"xor.pred", (*decoder).logic},
	{"not.pred", (*decoder).logic},
	{"mov.b64", (*decoder).halves},
	{"ld", (*decoder).memory},
	{"st", (*decoder).memory},
	{"bra", (*decoder).branch},
	{"ret", (*decoder).end},
	{"exit", (*decoder).end},
	{"trap", (*decoder).end},
	{"bar.warp.sync", (*decoder).meet},
	{"bar.sync", (*decoder).barrier},
	{"shfl.sync", (*decoder).shuffle},
	{"mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", (*decoder).tensor},
}

// count panics on nothing: it is an error that names both.
func count(s *statement, n int) error {
	if len(s.operands) != n {
		return fmt.Errorf("%d operands, want %d", len(s.operands), n)
	}
	return nil
}

// declared finds the declaration of a register.
func (d *decoder) declared(name string) (registers, bool) {
	if r, ok := d.f.registers[name]; ok && r.count < 0 {
		return r, true
	}
	stem := strings.TrimRight(name, "0123456789")
	n, err := strconv.ParseInt(name[len(stem):], 10, 32)
	r, ok := d.f.registers[stem]
	return r, ok && err == nil && n < r.count
}

func (d *decoder) predicate(name string) (int32, error) {
	if r, ok := d.declared(name); !ok || r.kind != ".pred" {
		return 0, fmt.Errorf("%s is no predicate", name)
	}
	n, ok := d.predicates[name]
	if !ok {
		n = int32(len(d.predicates))
		d.predicates[name] = n
	}
	return n, nil
}

// register is the row of a register that an instruction writes.
func (d *decoder) register(o operand) (int32, error) {
	if r, ok := d.declared(o.name); o.form != formName || o.not || !ok || r.kind == ".pred" {
		return 0, fmt.Errorf("%q is no register", o.name)
	}
	return d.row(o.name), nil
}

func (d *decoder) row(name string) int32 {
	n, ok := d.rows[name]
	if !ok {
		n = d.next
		d.next++
		d.rows[name] = n
	}
	return n
}

func (d *decoder) constant(value uint64) int32 {
	n, ok := d.constants[value]
	if !ok {
		n = d.next
		d.next++
		d.constants[value] = n
		d.k.constants = append(d.k.constants, constant{n, value})
	}
	return n
}

// value is the row of what an instruction reads: a register, a special register, a
// number, or the address of a variable.
func (d *decoder) value(o operand) (int32, error) {
	switch o.form {
	case formInteger, formSingle, formDouble:
		return d.constant(uint64(o.value)), nil
	case formName:
	default:
		return 0, fmt.Errorf("an operand of another form")
	}
	if which, ok := specialNames[o.name]; ok {
		if _, ok := d.rows[o.name]; !ok {
			d.k.specials = append(d.k.specials, special{d.row(o.name), which})
		}
		return d.row(o.name), nil
	}
	if at, ok := d.k.shared.offsets[o.name]; ok {
		return d.constant(uint64(at)), nil
	}
	if o.name == d.f.param.name && o.name != "" {
		return d.constant(0), nil
	}
	return d.register(o)
}

// values appends the rows of operands to in.
func (d *decoder) values(in []int32, all ...operand) ([]int32, error) {
	for _, o := range all {
		n, err := d.value(o)
		if err != nil {
			return in, err
		}
		in = append(in, n)
	}
	return in, nil
}

// registers are the rows an operand names, one or a vector of them.
func (d *decoder) registers(o operand) ([]int32, error) {
	list := []operand{o}
	if o.form == formVector {
		list = o.list
	}
	var all []int32
	for _, e := range list {
		n, err := d.register(e)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}
