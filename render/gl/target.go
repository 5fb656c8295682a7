package gl

import (
	"fmt"
	"image"
	"unsafe"

	"github.com/go-gl/gl/v3.3-core/gl"
)

// target is a framebuffer of one size: multisampled, and a plain one that it
// is resolved into for reading.
type target struct {
	width, height int
	draw, read    uint32 // the same without multisampling
	buffers       [3]uint32
	used          int // when it was last drawn to, for eviction
}

// maxTargets is how many sizes are kept: observations, the window, a task's picture, a
// screenshot, and one that is being resized.
const maxTargets = 5

// targets caches framebuffers by size.
type targets struct {
	samples int32
	list    []*target
	clock   int
}

// get returns the framebuffer of a size, making it if need be.
func (ts *targets) get(width, height int) (*target, error) {
	ts.clock++
	oldest := 0
	for i, t := range ts.list {
		if t.width == width && t.height == height {
			t.used = ts.clock
			return t, nil
		}
		if t.used < ts.list[oldest].used {
			oldest = i
		}
	}
	t, err := newTarget(width, height, ts.samples)
	if err != nil {
		return nil, err
	}
	t.used = ts.clock
	if len(ts.list) < maxTargets {
		ts.list = append(ts.list, t)
	} else {
		ts.list[oldest].delete()
		ts.list[oldest] = t
	}
	return t, nil
}

func (ts *targets) delete() {
	for _, t := range ts.list {
		t.delete()
	}
	ts.list = nil
}

func newTarget(width, height int, samples int32) (*target, error) {
	t := &target{width: width, height: height}
	gl.GenRenderbuffers(int32(len(t.buffers)), &t.buffers[0])
	gl.GenFramebuffers(1, &t.draw)
	gl.BindFramebuffer(gl.FRAMEBUFFER, t.draw)
	t.attach(0, gl.COLOR_ATTACHMENT0, gl.RGBA8, samples)
	t.attach(1, gl.DEPTH_ATTACHMENT, gl.DEPTH_COMPONENT24, samples)
	err := complete(width, height, samples)
	t.read = t.draw
	if err == nil && samples > 0 {
		gl.GenFramebuffers(1, &t.read)
		gl.BindFramebuffer(gl.FRAMEBUFFER, t.read)
		t.attach(2, gl.COLOR_ATTACHMENT0, gl.RGBA8, 0)
		err = complete(width, height, 0)
	}
	if err != nil {
		t.delete()
		return nil, err
	}
	return t, nil
}

func (t *target) attach(i int, point, format uint32, samples int32) {
	gl.BindRenderbuffer(gl.RENDERBUFFER, t.buffers[i])
	gl.RenderbufferStorageMultisample(gl.RENDERBUFFER, samples, format, int32(t.width), int32(t.height))
	gl.FramebufferRenderbuffer(gl.FRAMEBUFFER, point, gl.RENDERBUFFER, t.buffers[i])
}

// complete checks the bound framebuffer and whether its memory was found.
func complete(width, height int, samples int32) error {
	code := gl.CheckFramebufferStatus(gl.FRAMEBUFFER)
	if code == gl.FRAMEBUFFER_COMPLETE {
		return glError(fmt.Sprintf("making a framebuffer of %d×%d, %d samples", width, height, samples))
	}
	gl.GetError() // the status says more
	return fmt.Errorf("gl: framebuffer of %d×%d, %d samples: status 0x%x", width, height, samples, code)
}

// clear empties colour and depth.
func (t *target) clear() {
	gl.BindFramebuffer(gl.FRAMEBUFFER, t.draw)
	gl.Clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT)
}

// resolve averages the samples and leaves the result bound for reading.
func (t *target) resolve() {
	gl.BindFramebuffer(gl.READ_FRAMEBUFFER, t.draw)
	if t.read == t.draw {
		return
	}
	w, h := int32(t.width), int32(t.height)
	gl.BindFramebuffer(gl.DRAW_FRAMEBUFFER, t.read)
	gl.BlitFramebuffer(0, 0, w, h, 0, 0, w, h, gl.COLOR_BUFFER_BIT, gl.NEAREST)
	gl.BindFramebuffer(gl.READ_FRAMEBUFFER, t.read)
}

// copyTo reads what resolve left.
func (t *target) copyTo(dst *image.RGBA) {
	gl.PixelStorei(gl.PACK_ROW_LENGTH, int32(dst.Stride/4))
	gl.ReadPixels(0, 0, int32(t.width), int32(t.height), gl.RGBA, gl.UNSIGNED_BYTE,
		unsafe.Pointer(&dst.Pix[dst.PixOffset(dst.Rect.Min.X, dst.Rect.Min.Y)]))
}

func (t *target) delete() {
	if t.read != t.draw {
		gl.DeleteFramebuffers(1, &t.read)
	}
	gl.DeleteFramebuffers(1, &t.draw)
	gl.DeleteRenderbuffers(int32(len(t.buffers)), &t.buffers[0])
}

// glError turns the recorded GL errors into one.
func glError(doing string) error {
	first := gl.GetError()
	for code := first; code != gl.NO_ERROR; {
		code = gl.GetError()
	}
	switch first {
	case gl.NO_ERROR:
		return nil
	case gl.OUT_OF_MEMORY:
		return fmt.Errorf("gl: %s: out of memory", doing)
	}
	return fmt.Errorf("gl: %s: error 0x%x", doing, first)
}
