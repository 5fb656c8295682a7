package device

import "fmt"

// Step has what ends a training step, with numbers that stay in the device's
// memory: the whole step can be queued, or recorded, before one is asked for.
type Step interface {
	// MeanSquaredError: out (1) = ½·Σ (x−y)²/n and, if diff has Len > 0,
	// diff = w·(x−y).
	MeanSquaredError(x, y Buffer, n int, w float32, diff, out Buffer)
	// Scale: x *= by (1).
	Scale(by, x Buffer)
	// Norm: out (1) = √Σᵢ‖gᵢ‖².
	Norm(g []Buffer, out Buffer)
	// ClippedAdam is one step of Adam on tensors p with gradients g, whose common
	// norm is cut to s.ClipNorm, and moments m, v. Unless every number of s.Guard
	// is finite it changes nothing.
	ClippedAdam(s AdamStep, p, g, m, v []Buffer)
}

// AdamStep is what ClippedAdam does with a gradient.
type AdamStep struct {
	Beta1, Beta2, Epsilon float32
	ClipNorm              float32
	Rate                  Buffer // (1) lr·√(1−β₂ᵗ)/(1−β₁ᵗ)
	Norm                  Buffer // (1) of the gradients together
	Guard                 Buffer // any number of numbers
}

// Check panics unless the tensors of a ClippedAdam fit.
func (s AdamStep) Check(p, g, m, v []Buffer) {
	if s.Rate.Len != 1 || s.Norm.Len != 1 {
		panic(fmt.Sprintf("device: ClippedAdam with %d rates and %d norms", s.Rate.Len, s.Norm.Len))
	}
	if len(g) != len(p) || len(m) != len(p) || len(v) != len(p) {
		panic(fmt.Sprintf("device: ClippedAdam of %d tensors, %d gradients, %d and %d moments", len(p), len(g), len(m), len(v)))
	}
	for i := range p {
		if g[i].Len != p[i].Len || m[i].Len != p[i].Len || v[i].Len != p[i].Len {
			panic(fmt.Sprintf("device: ClippedAdam of %d numbers, a gradient of %d, moments of %d and %d",
				p[i].Len, g[i].Len, m[i].Len, v[i].Len))
		}
	}
}

// Cut is the factor that cuts a gradient of that norm to ClipNorm; false where
// a number of the guard is not finite. For devices whose memory is the host's.
func (s AdamStep) Cut() (scale float32, ok bool) {
	for _, x := range s.Guard.Host {
		if x-x != 0 {
			return 0, false
		}
	}
	if norm := s.Norm.Host[0]; norm > s.ClipNorm {
		return s.ClipNorm / norm, true
	}
	return 1, true
}

// Recorder is a device that can keep a sequence of kernels and repeat it at the cost
// of one call.
type Recorder interface {
	// Record runs f, which must call nothing of Memory but Copy, Fill and Axpy and
	// ask for no number, and keeps what f queued instead of computing it.
	Record(f func() error) (Recording, error)
}

// Recording is a sequence of kernels with their arguments. It holds as long as the
// buffers it works on.
type Recording interface {
	Replay() error // queues the sequence
	Close() error
}

// Repeated is work whose kernels and arguments are the same every time. On a device
// that can, it is recorded when it is done for the second time (the first may still
// allocate) and repeated from then on.
type Repeated struct {
	dev       Device
	work      func() error
	done      bool
	recording Recording
}

// Repeat prepares work for repetition on dev.
func Repeat(dev Device, work func() error) *Repeated { return &Repeated{dev: dev, work: work} }

// Do queues the work.
func (r *Repeated) Do() error {
	recorder, ok := r.dev.(Recorder)
	if !ok || !r.done {
		r.done = true
		return r.work()
	}
	if r.recording == nil {
		recording, err := recorder.Record(r.work)
		if err != nil {
			return fmt.Errorf("recording a sequence of kernels: %w", err)
		}
		r.recording = recording
	}
	return r.recording.Replay()
}

// Close frees the recording. The next Do works as the first.
func (r *Repeated) Close() error {
	recording := r.recording
	r.recording, r.done = nil, false
	if recording == nil {
		return nil
	}
	return recording.Close()
}
