package learning

import (
	"cmp"
	"slices"
)

// extent is a stretch of a file.
type extent struct{ from, n int64 }

// extents are the unused stretches of a file, in order and apart.
type extents []extent

// take cuts n bytes off the first stretch that has them.
func (x *extents) take(n int64) (extent, bool) {
	for i, e := range *x {
		if e.n < n {
			continue
		}
		if e.n == n {
			*x = slices.Delete(*x, i, i+1)
		} else {
			(*x)[i] = extent{e.from + n, e.n - n}
		}
		return extent{e.from, n}, true
	}
	return extent{}, false
}

// give adds a stretch, joined with those that touch it.
func (x *extents) give(e extent) {
	i, _ := slices.BinarySearchFunc(*x, e, func(a, b extent) int { return cmp.Compare(a.from, b.from) })
	if i < len(*x) && e.from+e.n == (*x)[i].from {
		e.n += (*x)[i].n
		*x = slices.Delete(*x, i, i+1)
	}
	if i > 0 && (*x)[i-1].from+(*x)[i-1].n == e.from {
		(*x)[i-1].n += e.n
		return
	}
	*x = slices.Insert(*x, i, e)
}

func (x extents) sum() int64 {
	n := int64(0)
	for _, e := range x {
		n += e.n
	}
	return n
}
