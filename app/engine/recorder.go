package engine

import "github.com/latco-studio/latco/planning"

// maxRecorded bounds the iterations kept of one plan; an even number.
const maxRecorded = 256

// recorder keeps the iterations of an optimisation in bounded memory: always
// the first and the newest, and between them every stride-th, where the stride
// doubles whenever the room is used up.
type recorder struct {
	room   int                  // most iterations kept, ≥ 4; 0 = maxRecorded
	stride int                  // 0 means 1
	seen   int                  // iterations offered so far
	kept   []planning.Iteration // by growing K
	loose  bool                 // the last of kept is there only for being the newest
}

// add offers the next iteration.
func (r *recorder) add(it planning.Iteration) {
	if r.room == 0 {
		r.room = maxRecorded
	}
	r.stride = max(1, r.stride)
	if r.loose {
		r.kept = r.kept[:len(r.kept)-1]
	}
	if len(r.kept) >= r.room-1 {
		r.thin()
	}
	r.loose = r.seen%r.stride != 0
	r.kept = append(r.kept, it)
	r.seen++
}

// thin drops every second iteration. The array is a new one, because states
// that were published still show the old.
func (r *recorder) thin() {
	half := make([]planning.Iteration, 0, r.room)
	for i := 0; i < len(r.kept); i += 2 {
		half = append(half, r.kept[i])
	}
	r.kept = half
	r.stride *= 2
}

// view is a slice that later additions do not change.
func (r *recorder) view() []planning.Iteration {
	return append([]planning.Iteration(nil), r.kept...)
}
