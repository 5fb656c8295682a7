package ptx

import "fmt"

// Load reads modules of PTX. An error names kernel and line of what is not
// supported.
func Load(texts ...string) (*Program, error) {
	p := &Program{kernels: map[string]*kernel{}, opcodes: map[string]int{}}
	for _, text := range texts {
		mod, err := parse(text)
		if err != nil {
			return nil, fmt.Errorf("reading PTX: %w", err)
		}
		for _, f := range mod.functions {
			if p.kernels[f.name] != nil {
				return nil, fmt.Errorf("reading PTX: line %d: two kernels %s", f.line, f.name)
			}
			for i := range f.statements {
				p.opcodes[f.statements[i].op]++
			}
			if p.kernels[f.name], err = decode(mod, f); err != nil {
				return nil, fmt.Errorf("reading PTX: %s: %w", f.name, err)
			}
		}
	}
	return p, nil
}

// layout is where the variables of a kernel lie in shared memory. Between them are
// holes: an access beside a variable does not meet the next one. A variable is
// aligned as it asks to be, no better.
type layout struct {
	variables []variable
	offsets   map[string]int64
	owner     []int16 // of every word the variable, or −1
	dynamic   int     // the variable whose size a launch gives, or −1
	static    int64   // bytes, without holes
}

const (
	hole       = 64 // bytes
	mostStatic = 48 << 10
)

func (l *layout) place(all []variable) error {
	l.offsets = map[string]int64{}
	l.dynamic = -1
	end := int64(0)
	for _, v := range all {
		if _, twice := l.offsets[v.name]; twice {
			return fmt.Errorf("two shared variables %s", v.name)
		}
		at := (end+hole+2*v.align-1)/(2*v.align)*(2*v.align) + v.align
		if v.align < 4 {
			at = (at + 3) / 4 * 4
		}
		if v.size < 0 {
			if l.dynamic >= 0 {
				return fmt.Errorf("two shared variables %s and %s that launches size", l.variables[l.dynamic].name, v.name)
			}
			l.dynamic = len(l.variables)
			l.variables = append(l.variables, v)
			continue
		}
		if l.static += v.size; l.static > mostStatic {
			return fmt.Errorf("%d bytes of shared memory, more than %d", l.static, mostStatic)
		}
		l.own(at, v)
		end = at + v.size
	}
	if l.dynamic >= 0 {
		v := l.variables[l.dynamic]
		l.offsets[v.name] = (end+hole+2*v.align-1)/(2*v.align)*(2*v.align) + v.align
	}
	return nil
}

// own gives a variable its words.
func (l *layout) own(at int64, v variable) {
	for int64(len(l.owner)) < (at+v.size+3)/4 {
		l.owner = append(l.owner, -1)
	}
	for i := at / 4; i < (at+v.size+3)/4; i++ {
		l.owner[i] = int16(len(l.variables))
	}
	l.offsets[v.name] = at
	l.variables = append(l.variables, v)
}
