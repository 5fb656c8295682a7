package engine

// maxRecorded bounds what is kept of a series that is shown.
const maxRecorded = 256

// thinned keeps a series in bounded memory: always the first and the newest
// value, and between them every stride-th, where the stride doubles whenever
// the room is used up. The zero value is ready for use.
type thinned[T any] struct {
	room   int  // most values kept, ≥ 4; 0 = maxRecorded
	stride int  // 0 means 1
	seen   int  // values offered so far
	kept   []T  // in order
	loose  bool // the last of kept is there only for being the newest
}

// add offers the next value.
func (s *thinned[T]) add(v T) {
	if s.room == 0 {
		s.room = maxRecorded
	}
	s.stride = max(1, s.stride)
	if s.loose {
		s.kept = s.kept[:len(s.kept)-1]
	}
	if len(s.kept) >= s.room-1 {
		s.thin()
	}
	s.loose = s.seen%s.stride != 0
	s.kept = append(s.kept, v)
	s.seen++
}

// amend replaces the newest value.
func (s *thinned[T]) amend(v T) { s.kept[len(s.kept)-1] = v }

// thin drops every second value.
func (s *thinned[T]) thin() {
	n := 0
	for i := 0; i < len(s.kept); i += 2 {
		s.kept[n] = s.kept[i]
		n++
	}
	clear(s.kept[n:]) // let go of what values point to
	s.kept = s.kept[:n]
	s.stride *= 2
}

// view is a copy that later additions do not change.
func (s *thinned[T]) view() []T { return append([]T(nil), s.kept...) }
