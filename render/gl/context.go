package gl

import (
	"fmt"
	"sync"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// Context is an OpenGL 3.3 core context. The Renderer calls MakeCurrent and
// Close on its own OS thread.
type Context interface {
	MakeCurrent() error
	Info() string // one line for a bug report
	Close() error
}

// procAddresser is a Context that finds GL functions itself; others use the
// platform's way (GLX, WGL, a framework).
type procAddresser interface {
	ProcAddress(name string) unsafe.Pointer
}

// loaded remembers the kind of context that go-gl's global function pointers
// belong to.
var loaded struct {
	sync.Mutex
	kind string
}

// KindError says that the process already draws with another kind of context.
type KindError struct {
	Loaded, Wanted string // Go types of the contexts
}

func (e *KindError) Error() string {
	return fmt.Sprintf("gl: this process draws with %s and cannot use %s too", e.Loaded, e.Wanted)
}

// load resolves the GL functions through the current context, once a process.
func load(c Context) error {
	loaded.Lock()
	defer loaded.Unlock()
	kind := fmt.Sprintf("%T", c)
	switch loaded.kind {
	case kind:
		return nil
	case "":
	default:
		return &KindError{Loaded: loaded.kind, Wanted: kind}
	}
	var err error
	if p, ok := c.(procAddresser); ok {
		err = gl.InitWithProcAddrFunc(p.ProcAddress)
	} else {
		err = gl.Init()
	}
	if err != nil {
		return fmt.Errorf("gl: loading OpenGL 3.3 functions: %w; install a driver: apt-get install libgl1-mesa-dri", err)
	}
	loaded.kind = kind
	return nil
}
