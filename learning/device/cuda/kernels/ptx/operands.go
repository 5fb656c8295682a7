package ptx

import (
	"strconv"
)

// statement reads @p op a, b, …;
func (p *parser) statement(f *function) error {
	s := statement{line: p.line()}
	var err error
	if p.peek() == "@" {
		p.take()
		if p.peek() == "!" {
			p.take()
			s.unless = true
		}
		if s.guard, err = p.name(); err != nil {
			return err
		}
	}
	if s.op, err = p.name(); err != nil {
		return err
	}
	for more := p.peek() != ";"; more; {
		o, err := p.operand(0)
		if err != nil {
			return err
		}
		s.operands = append(s.operands, o)
		if more = p.peek() == ","; more {
			p.take()
		}
	}
	f.statements = append(f.statements, s)
	return p.expect(";")
}

// operand reads one; depth is that of the braces around it.
func (p *parser) operand(depth int) (operand, error) {
	switch p.peek() {
	case "{":
		if depth > 0 {
			return operand{}, p.errorf("a vector in a vector")
		}
		return p.vector()
	case "[":
		return p.address()
	}
	o, err := p.simple()
	if err == nil && p.peek() == "|" {
		p.take()
		second, err := p.simple()
		return operand{form: formPair, list: []operand{o, second}}, err
	}
	return o, err
}

func (p *parser) vector() (operand, error) {
	o := operand{form: formVector}
	p.take()
	for {
		e, err := p.operand(1)
		if err != nil {
			return o, err
		}
		o.list = append(o.list, e)
		if p.peek() != "," {
			return o, p.expect("}")
		}
		p.take()
	}
}

func (p *parser) address() (operand, error) {
	p.take()
	base, err := p.simple()
	if err != nil {
		return base, err
	}
	o := operand{form: formAddress, name: base.name}
	switch base.form {
	case formInteger:
		o.value = base.value
	case formName:
	default:
		return o, p.errorf("an address that is no number")
	}
	if p.peek() == "+" {
		p.take()
		offset, err := p.simple()
		if err != nil {
			return o, err
		}
		if offset.form != formInteger {
			return o, p.errorf("an offset that is no number")
		}
		o.value += offset.value
	}
	return o, p.expect("]")
}

// simple reads a name or a number.
func (p *parser) simple() (operand, error) {
	var o operand
	switch p.peek() {
	case "!":
		p.take()
		o.not = true
	case "-":
		p.take()
		o.value = -1
	}
	t := p.peek()
	if t == "" || !wordy(t[0]) {
		return o, p.errorf("%q where an operand should be", t)
	}
	if t[0] < '0' || t[0] > '9' {
		if o.value < 0 {
			return o, p.errorf("a sign before a name")
		}
		o.name = p.take()
		return o, nil
	}
	minus := o.value < 0
	if err := o.number(t); err != nil {
		return o, p.errorf("%q is no number", t)
	}
	if minus {
		if o.form != formInteger {
			return o, p.errorf("a sign before what is no whole number")
		}
		o.value = -o.value
	}
	p.take()
	return o, nil
}

// number reads 0fXXXXXXXX, 0dXXXXXXXXXXXXXXXX or a whole number.
func (o *operand) number(t string) error {
	var bits uint64
	var err error
	switch {
	case len(t) == 10 && (t[:2] == "0f" || t[:2] == "0F"):
		o.form = formSingle
		bits, err = strconv.ParseUint(t[2:], 16, 32)
	case len(t) == 18 && (t[:2] == "0d" || t[:2] == "0D"):
		o.form = formDouble
		bits, err = strconv.ParseUint(t[2:], 16, 64)
	default:
		o.form = formInteger
		bits, err = strconv.ParseUint(t, 0, 64)
	}
	o.value = int64(bits)
	return err
}
