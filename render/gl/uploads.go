package gl

// uploads caches what is on the GPU by what it was made from.
type uploads[K comparable, V interface{ delete() }] struct {
	of    map[K]*upload[V]
	clock int // pictures drawn
	bytes int
}

type upload[V any] struct {
	value       V
	used, bytes int
}

const (
	// keepPictures is for how many pictures something unused stays, so that scenes
	// drawn in turn do not upload theirs again.
	keepPictures = 500
	// keepBytes is what may stay unused: who goes through many scenes does not fill
	// the memory with theirs.
	keepBytes = 64 << 20
)

// tick starts a picture and drops what is not worth keeping.
func (u *uploads[K, V]) tick() {
	u.clock++
	for key, up := range u.of {
		if u.clock-up.used > keepPictures {
			u.drop(key)
		}
	}
	for u.bytes > keepBytes && u.dropOldest() {
	}
}

// dropOldest drops what has not been used for longest, if the last picture did
// without it.
func (u *uploads[K, V]) dropOldest() bool {
	var oldest K
	used := u.clock - 1
	for key, up := range u.of {
		if up.used < used {
			oldest, used = key, up.used
		}
	}
	if used == u.clock-1 {
		return false
	}
	u.drop(oldest)
	return true
}

func (u *uploads[K, V]) drop(key K) {
	up := u.of[key]
	u.bytes -= up.bytes
	delete(u.of, key)
	up.value.delete()
}

// find returns what is there and notes its use.
func (u *uploads[K, V]) find(key K) (value V, ok bool) {
	up, ok := u.of[key]
	if !ok {
		return value, false
	}
	up.used = u.clock
	return up.value, true
}

func (u *uploads[K, V]) keep(key K, value V, bytes int) {
	if u.of == nil {
		u.of = map[K]*upload[V]{}
	}
	u.of[key] = &upload[V]{value, u.clock, bytes}
	u.bytes += bytes
}

func (u *uploads[K, V]) delete() {
	for key := range u.of {
		u.drop(key)
	}
}
