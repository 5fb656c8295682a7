package gl

import (
	"context"
	"errors"
	"fmt"
	"image"
	"sync"

	"github.com/go-gl/gl/v3.3-core/gl"

	"github.com/latco-studio/latco/render"
)

// Options adjust a Renderer. The zero value is the default.
type Options struct {
	// Samples per pixel for anti-aliasing: 0 means 4, 1 none. Where the driver
	// offers less, or none, its best is taken; Info says what.
	Samples int
}

// Renderer draws scenes into images on an OS thread of its own. Its methods
// may be called from any goroutine; calls take turns.
type Renderer struct {
	thread *OSThread
	stop   context.CancelFunc
	ctx    Context
	info   string

	// Touched on the thread only.
	targets targets
	painter *painter
	maxSize int

	// turn guards the job, which passes a picture to the thread without garbage.
	turn sync.Mutex
	job  job
	draw func() // runs the job
}

// job is what one Draw asks for, and what came of it.
type job struct {
	dst    *image.RGBA
	scene  *render.Scene
	camera render.Camera
	err    error
}

var _ render.Renderer = (*Renderer)(nil)

// New starts the rendering thread with a context, which the Renderer owns from
// now on, also if New fails.
func New(c Context, o Options) (*Renderer, error) {
	if o.Samples < 0 {
		return nil, errors.Join(fmt.Errorf("gl: Samples = %d, want ≥ 0", o.Samples), c.Close())
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &Renderer{thread: NewOSThread(), stop: stop, ctx: c}
	go r.thread.Loop(ctx)
	var err error
	if callErr := r.thread.Call(func() { err = r.start(o) }); callErr != nil {
		return nil, callErr
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	r.draw = func() { r.job.err = r.paint(r.job.dst, r.job.scene, r.job.camera) }
	return r, nil
}

// start runs on the thread.
func (r *Renderer) start(o Options) error {
	if err := r.ctx.MakeCurrent(); err != nil {
		return err
	}
	if err := load(r.ctx); err != nil {
		return err
	}
	r.targets.samples = chooseSamples(int32(o.Samples))
	var size int32
	gl.GetIntegerv(gl.MAX_RENDERBUFFER_SIZE, &size)
	r.maxSize = int(size)
	r.info = fmt.Sprintf("%s, OpenGL %s, %d× MSAA (%s)", gl.GoStr(gl.GetString(gl.RENDERER)),
		gl.GoStr(gl.GetString(gl.VERSION)), max(r.targets.samples, 1), r.ctx.Info())
	var err error
	r.painter, err = newPainter()
	return err
}

// chooseSamples returns the wanted number or the most that a framebuffer of
// the kind we use can have; 0 means no multisampling.
func chooseSamples(want int32) int32 {
	if want == 0 {
		want = 4
	}
	var limit int32
	gl.GetIntegerv(gl.MAX_SAMPLES, &limit)
	for n := min(want, limit); n > 1; n /= 2 {
		if t, err := newTarget(16, 16, n); err == nil {
			t.delete()
			return n
		}
	}
	return 0
}

// Info names the driver, its version and how the context was made.
func (r *Renderer) Info() string { return r.info }

// Draw renders the scene as seen by the camera into the whole of dst, opaque.
// It returns when the pixels are there. The scene must not change meanwhile.
func (r *Renderer) Draw(dst *image.RGBA, s *render.Scene, c render.Camera) error {
	if err := errors.Join(r.checkSize(dst), checkCamera(c)); err != nil {
		return err
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	r.job = job{dst: dst, scene: s, camera: c}
	if err := r.thread.Call(r.draw); err != nil {
		return err
	}
	err := r.job.err
	r.job = job{}
	return err
}

func checkCamera(c render.Camera) error {
	if !finite(c.Azimuth, c.Elevation, c.Distance, c.FovY, c.LookAt[0], c.LookAt[1], c.LookAt[2]) ||
		c.Distance <= 0 || c.FovY < 0 || c.FovY >= 180 {
		return fmt.Errorf("gl: camera %+v: want finite values, Distance > 0, FovY in [0, 180)", c)
	}
	return nil
}

func (r *Renderer) checkSize(dst *image.RGBA) error {
	b := dst.Bounds()
	if b.Empty() || b.Dx() > r.maxSize || b.Dy() > r.maxSize {
		return fmt.Errorf("gl: image of %d×%d, want 1×1 to %d×%d", b.Dx(), b.Dy(), r.maxSize, r.maxSize)
	}
	return nil
}

// paint runs on the thread.
func (r *Renderer) paint(dst *image.RGBA, s *render.Scene, c render.Camera) error {
	b := dst.Bounds()
	t, err := r.targets.get(b.Dx(), b.Dy())
	if err != nil {
		return err
	}
	t.clear()
	if err := r.painter.paint(t, s, c); err != nil {
		return err
	}
	t.resolve()
	t.copyTo(dst)
	return glError("reading the picture")
}

// Close frees what the Renderer holds, ends its thread and closes the context.
// The second call returns ErrStopped.
func (r *Renderer) Close() error {
	var err error
	stopped := r.thread.Call(func() {
		if r.painter != nil {
			r.painter.delete()
			r.targets.delete()
		}
		err = r.ctx.Close()
	})
	r.stop()
	<-r.thread.done
	return errors.Join(stopped, err)
}
