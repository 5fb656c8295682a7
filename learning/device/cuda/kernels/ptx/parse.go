package ptx

import (
	"fmt"
	"strconv"
	"strings"
)

// parser reads the part of PTX (ISA 7.8) that nvrtc writes for the kernels.
// Everything else is an error that names the line.
type parser struct {
	tokens []token
	at     int
	mod    module
}

// parse reads a module.
func parse(text string) (*module, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	for p.peek() != "" {
		if err := p.directive(); err != nil {
			return nil, err
		}
	}
	return &p.mod, nil
}

func (p *parser) peek() string { return p.tokens[p.at].text }
func (p *parser) line() int    { return p.tokens[p.at].line }

// take is the next token, which is then behind. The end stays.
func (p *parser) take() string {
	t := p.tokens[p.at].text
	if t != "" {
		p.at++
	}
	return t
}

func (p *parser) errorf(format string, args ...any) error {
	return fmt.Errorf("line %d: %s", p.line(), fmt.Sprintf(format, args...))
}

// expect takes the marks, one after the other.
func (p *parser) expect(marks ...string) error {
	for _, m := range marks {
		if p.peek() != m {
			return p.errorf("%q where %q should be", p.peek(), m)
		}
		p.take()
	}
	return nil
}

// integer takes a number ≥ 0.
func (p *parser) integer() (int64, error) {
	n, err := strconv.ParseInt(p.peek(), 0, 32)
	if err != nil || n < 0 {
		return 0, p.errorf("%q is no number", p.peek())
	}
	p.take()
	return n, nil
}

// name takes a word.
func (p *parser) name() (string, error) {
	if p.peek() == "" || !wordy(p.peek()[0]) {
		return "", p.errorf("%q where a name should be", p.peek())
	}
	return p.take(), nil
}

// directive reads what stands outside functions.
func (p *parser) directive() error {
	switch p.peek() {
	case ".version", ".address_size":
		p.take()
		p.take()
	case ".target":
		p.take()
		p.mod.target = p.take()
	case ".shared", ".extern":
		if p.peek() == ".extern" {
			p.take()
		}
		v, err := p.variable(".shared")
		if err != nil {
			return err
		}
		p.mod.shared = append(p.mod.shared, v)
		return p.expect(";")
	case ".visible", ".entry":
		if p.peek() == ".visible" {
			p.take()
		}
		return p.function()
	default:
		return p.errorf("the directive %q is not supported", p.peek())
	}
	return nil
}

var elements = map[string]int64{".b8": 1, ".u8": 1, ".s8": 1, ".b16": 2, ".u16": 2, ".s16": 2, ".b32": 4, ".u32": 4, ".s32": 4, ".f32": 4,
	".b64": 8, ".u64": 8, ".s64": 8, ".f64": 8}

// variable reads .space .align n .type name[count].
func (p *parser) variable(space string) (variable, error) {
	var v variable
	var err error
	if err = p.expect(space); err != nil {
		return v, err
	}
	if p.peek() == ".align" {
		p.take()
		if v.align, err = p.integer(); err != nil {
			return v, err
		}
	}
	size, ok := elements[p.peek()]
	if !ok {
		return v, p.errorf("%q is no type", p.peek())
	}
	p.take()
	v.align = max(v.align, size)
	if v.align&(v.align-1) != 0 || v.align > 256 {
		return v, p.errorf("an alignment of %d", v.align)
	}
	if v.name, err = p.name(); err != nil {
		return v, err
	}
	v.size = size
	if p.peek() != "[" {
		return v, nil
	}
	p.take()
	v.size = -1
	if p.peek() != "]" {
		n, err := p.integer()
		if err != nil {
			return v, err
		}
		v.size = n * size
	}
	return v, p.expect("]")
}

// function reads a kernel.
func (p *parser) function() error {
	f := &function{line: p.line(), registers: map[string]registers{}, labels: map[string]int{}}
	err := p.expect(".entry")
	if err == nil {
		f.name, err = p.name()
	}
	if err == nil {
		err = p.expect("(")
	}
	if err == nil && p.peek() != ")" {
		f.param, err = p.variable(".param")
	}
	if err == nil {
		err = p.expect(")")
	}
	for err == nil && p.peek() != "{" {
		err = p.bound(f)
	}
	if err == nil {
		err = p.expect("{")
	}
	for err == nil && p.peek() != "}" {
		err = p.member(f)
	}
	if err != nil {
		return err
	}
	p.mod.functions = append(p.mod.functions, f)
	return p.expect("}")
}

// bound reads what is promised about launches: .maxntid x, y, z; .minnctapersm n.
func (p *parser) bound(f *function) error {
	what := p.peek()
	if what != ".maxntid" && what != ".minnctapersm" {
		return p.errorf("%q is not supported", what)
	}
	product := int64(1)
	for first := true; first || p.peek() == ","; first = false {
		p.take()
		n, err := p.integer()
		if err != nil {
			return err
		}
		product *= min(n, 1<<20)
	}
	if what == ".maxntid" {
		f.threads = product
	}
	return nil
}

// member reads a declaration, a label or an instruction.
func (p *parser) member(f *function) error {
	switch p.peek() {
	case ".reg":
		return p.registers(f)
	case ".shared":
		v, err := p.variable(".shared")
		if err != nil {
			return err
		}
		f.shared = append(f.shared, v)
		return p.expect(";")
	case ".pragma":
		p.take()
		p.take()
		return p.expect(";")
	}
	if p.at+1 < len(p.tokens) && p.tokens[p.at+1].text == ":" {
		name, err := p.name()
		if err != nil {
			return err
		}
		if _, twice := f.labels[name]; twice {
			return p.errorf("the label %s a second time", name)
		}
		f.labels[name] = len(f.statements)
		return p.expect(":")
	}
	return p.statement(f)
}

// registers reads .reg .type %name<count>; or a list of names.
func (p *parser) registers(f *function) error {
	p.take()
	kind := p.take()
	if !strings.HasPrefix(kind, ".") {
		return p.errorf("%q is no type", kind)
	}
	for {
		name, err := p.name()
		if err != nil {
			return err
		}
		r := registers{kind, -1}
		if p.peek() == "<" {
			p.take()
			n, err := p.integer()
			if err != nil {
				return err
			}
			r.count = n
			if err := p.expect(">"); err != nil {
				return err
			}
		}
		f.registers[name] = r
		if p.peek() != "," {
			return p.expect(";")
		}
		p.take()
	}
}
