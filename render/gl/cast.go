package gl

import (
	"cmp"

	"github.com/latco-studio/latco/render"
)

// cast chooses the casters from what was taken in, and makes them as coarse as the
// texels of the shadow map, of some size (m), and the picture allow.
func (l *list) cast(s *render.Scene, texel float64) {
	for _, it := range l.items {
		if !it.layer.casts() {
			continue
		}
		it.detail = min(it.detail.coarser(), detailOf(&s.Geoms[it.geom], shadowScale/texel))
		it.layer, it.surface, it.texture = casting, 0, 0
		l.casters = append(l.casters, it)
	}
}

// castOrder makes batches long.
func castOrder(a, b item) int {
	return cmp.Or(cmp.Compare(a.shape, b.shape), cmp.Compare(a.detail, b.detail), cmp.Compare(a.geom, b.geom))
}
