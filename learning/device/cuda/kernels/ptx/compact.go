package ptx

// Registers of PTX are written once and there are thousands. Those that live
// inside one basic block share rows, so that a warp's fit into a cache.

// span is where a register occurs.
type span struct {
	first, last int // instructions
	block       int // −1: more than one
	inside      bool
}

// compact numbers rows anew and fills the instructions' short operands.
func (d *decoder) compact() {
	place, n := d.share(d.spans())
	d.k.rows = n
	for i := range d.k.constants {
		d.k.constants[i].row = place[d.k.constants[i].row]
	}
	for i := range d.k.specials {
		d.k.specials[i].row = place[d.k.specials[i].row]
	}
	for i := range d.k.code {
		in := &d.k.code[i]
		for j := range in.out {
			in.out[j] = place[in.out[j]]
		}
		for j := range in.in {
			in.in[j] = place[in.in[j]]
		}
		if len(in.out) > 0 {
			in.d = in.out[0]
		}
		for j, to := range []*int32{&in.a, &in.b, &in.c} {
			if j < len(in.in) {
				*to = in.in[j]
			}
		}
	}
}

// leaders says where basic blocks begin.
func (d *decoder) leaders() []bool {
	at := make([]bool, len(d.k.code)+1)
	for i := range d.k.code {
		if in := &d.k.code[i]; in.kind == kindBranch {
			at[in.target], at[i+1] = true, true
		}
	}
	return at
}

// spans finds where every row occurs. A row is inside its block where the block
// writes it, for every lane, before it is read.
func (d *decoder) spans() []span {
	all := make([]span, d.next)
	for i := range all {
		all[i] = span{first: -1}
	}
	for _, c := range d.k.constants {
		all[c.row] = span{block: -1}
	}
	for _, s := range d.k.specials {
		all[s.row] = span{block: -1}
	}
	leaders, block := d.leaders(), 0
	for i := range d.k.code {
		in := &d.k.code[i]
		if leaders[i] {
			block++
		}
		for _, r := range in.in {
			all[r].see(i, block, false)
		}
		for _, r := range in.out {
			all[r].see(i, block, in.guard < 0)
		}
	}
	return all
}

func (s *span) see(i, block int, written bool) {
	if s.first < 0 {
		s.first, s.block, s.inside = i, block, written
	}
	if s.block != block {
		s.block = -1
	}
	s.last = i
}

// share gives every register its row; n is how many rows there are.
func (d *decoder) share(spans []span) (place []int32, n int) {
	place = make([]int32, len(spans))
	begin, end := make([][]int32, len(d.k.code)), make([][]int32, len(d.k.code))
	for r, s := range spans {
		if s.block < 0 || s.first < 0 || !s.inside {
			place[r] = int32(n)
			n++
			continue
		}
		begin[s.first] = append(begin[s.first], int32(r))
		end[s.last] = append(end[s.last], int32(r))
	}
	var free []int32
	for i := range begin {
		for _, r := range begin[i] {
			if len(free) == 0 {
				free = append(free, int32(n))
				n++
			}
			place[r] = free[len(free)-1]
			free = free[:len(free)-1]
		}
		for _, r := range end[i] {
			free = append(free, place[r])
		}
	}
	return place, n
}
