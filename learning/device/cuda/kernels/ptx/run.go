package ptx

import "math/bits"

// run lets a part execute until it has executed n instructions, waits, has ended
// or divided, or meets another part. It says how many it was.
func (w *warp) run(p *part, n int) (int, *Fault) {
	code, alone := w.block.launch.k.code, w.count == 1
	executed := int64(0)
	defer func() { w.block.launch.m.Instructions += executed }()
	for i := 0; i < n; i++ {
		in := &code[p.pc]
		mask := p.lanes
		if in.guard >= 0 {
			holds := w.predicates[in.guard]
			if in.unless {
				holds = ^holds
			}
			mask &= holds
		}
		executed += int64(bits.OnesCount32(p.lanes))
		if mask == 0 {
			p.pc++
		} else if in.kind < kindBranch {
			if f := w.execute(p, in, mask); f != nil {
				return i, f
			}
			p.pc++
		} else if stop, f := w.control(p, in, mask); stop || f != nil {
			return i + 1, f
		}
		if !alone && w.another(p) {
			return i + 1, nil
		}
	}
	return n, nil
}

// another says that there is another part at the same place.
func (w *warp) another(p *part) bool {
	for i := range w.parts[:w.count] {
		if q := &w.parts[i]; q != p && q.pc == p.pc {
			return true
		}
	}
	return false
}

// execute does what does not change the course of a part.
func (w *warp) execute(p *part, in *instruction, mask uint32) *Fault {
	rows := w.rows
	switch in.kind {
	case kindArithmetic:
		if w.live&^mask == 0 {
			in.run(&rows[in.d], &rows[in.a], &rows[in.b], &rows[in.c])
			return nil
		}
		in.run(&w.result, &rows[in.a], &rows[in.b], &rows[in.c])
		w.keep(&rows[in.d], mask)
	case kindCompare:
		is := in.compare(&rows[in.a], &rows[in.b])
		if in.q >= 0 {
			is = in.logic(is, w.predicate(in.q, in.negate[0]))
		}
		w.predicates[in.p] = w.predicates[in.p]&^mask | is&mask
	case kindSelect:
		which := w.predicates[in.q]
		a, b, d := &rows[in.a], &rows[in.b], &rows[in.d]
		for m := mask; m != 0; m &= m - 1 {
			l := bits.TrailingZeros32(m) % lanes
			if which>>l&1 == 1 {
				d[l] = a[l]
			} else {
				d[l] = b[l]
			}
		}
	case kindLogic:
		is := in.logic(w.predicate(in.q, in.negate[0]), w.predicate(in.r, in.negate[1]))
		w.predicates[in.p] = w.predicates[in.p]&^mask | is&mask
	case kindPack:
		for l := range w.result {
			w.result[l] = rows[in.a][l]&(1<<32-1) | rows[in.b][l]<<32
		}
		w.keep(&rows[in.d], mask)
	case kindUnpack:
		w.result = rows[in.a]
		for m := mask; m != 0; m &= m - 1 {
			l := bits.TrailingZeros32(m) % lanes
			rows[in.out[0]][l], rows[in.out[1]][l] = w.result[l]&(1<<32-1), w.result[l]>>32
		}
	case kindLoad:
		return w.load(p, in, mask)
	case kindStore:
		return w.store(p, in, mask)
	}
	return nil
}

// predicate is one, or its negation; −1 is none.
func (w *warp) predicate(n int32, negated bool) uint32 {
	switch {
	case n < 0:
		return 0
	case negated:
		return ^w.predicates[n]
	}
	return w.predicates[n]
}

// keep copies the lanes of a mask from the result.
func (w *warp) keep(d *row, mask uint32) {
	for m := mask; m != 0; m &= m - 1 {
		l := bits.TrailingZeros32(m) % lanes
		d[l] = w.result[l]
	}
}

// control does what changes the course of a part, and says whether it must stop.
func (w *warp) control(p *part, in *instruction, mask uint32) (bool, *Fault) {
	if in.kind == kindBranch {
		other := w.divide(p, mask)
		p.pc = in.target
		if other != nil {
			other.pc++
		}
		return other != nil, nil
	}
	// Lanes that the guard holds back go on by themselves.
	if other := w.divide(p, mask); other != nil {
		other.pc++
	}
	switch in.kind {
	case kindTrap:
		return true, w.fault(p, Trap, 0, "the kernel gives up")
	case kindExit:
		w.live &^= p.lanes
		for i := range w.parts[:w.count] {
			if &w.parts[i] == p {
				w.drop(i)
				break
			}
		}
		return true, nil
	case kindBarrier:
		p.waiting = true
		return true, nil
	}
	return true, w.arrive(p, in)
}
