package task

import (
	"slices"

	"github.com/latco-studio/latco/sim"
)

// State copies everything the future depends on.
func (in *instance) State() sim.State {
	w := &in.world
	if err := in.settleMoved(); err != nil && in.broken == nil {
		in.broken = err // the next Step reports it
	}
	mocap := make([]float64, 0, 7*len(w.MocapPos))
	for i := range w.MocapPos {
		mocap = append(append(mocap, w.MocapPos[i][:]...), w.MocapQuat[i][:]...)
	}
	return sim.State{
		QPos: slices.Clone(w.QPos), QVel: slices.Clone(w.QVel),
		Ctrl: slices.Clone(w.Ctrl), Act: slices.Clone(w.Act),
		Time: w.Time(), T: in.t, Task: slices.Clone(w.memory),
		Mocap: mocap, Warmstart: slices.Clone(w.Warmstart),
	}
}

func (in *instance) SetState(s sim.State) error {
	w := &in.world
	if err := in.fits(s); err != nil {
		return err
	}
	if err := w.Reset(); err != nil {
		return err
	}
	copy(w.QPos, s.QPos)
	copy(w.QVel, s.QVel)
	copy(w.Ctrl, s.Ctrl)
	copy(w.Act, s.Act)
	copy(w.memory, s.Task)
	for i := range w.MocapPos {
		copy(w.MocapPos[i][:], s.Mocap[7*i:])
		copy(w.MocapQuat[i][:], s.Mocap[7*i+3:])
	}
	w.SetTime(s.Time)
	in.t = s.T
	if in.broken = w.Again(); in.broken != nil {
		return in.broken
	}
	in.moved, in.behind = false, false
	copy(w.QPos, s.QPos) // in which Again may have normalised quaternions
	clear(w.Warmstart)   // Again has renewed it
	copy(w.Warmstart, s.Warmstart)
	return nil
}

// fits returns a *sim.StateError for the first part that is not of this task.
func (in *instance) fits(s sim.State) error {
	w := &in.world
	for _, p := range []struct {
		name string
		got  []float64
		want int
	}{
		{"qpos", s.QPos, len(w.QPos)}, {"qvel", s.QVel, len(w.QVel)},
		{"ctrl", s.Ctrl, len(w.Ctrl)}, {"act", s.Act, len(w.Act)},
		{"task", s.Task, len(w.memory)}, {"mocap", s.Mocap, 7 * len(w.MocapPos)},
		{"warmstart", s.Warmstart, len(w.Warmstart)}, {"time", []float64{s.Time, float64(s.T)}, 2},
	} {
		if len(p.got) != p.want && !(p.name == "warmstart" && p.got == nil) {
			return &sim.StateError{Part: p.name, Err: &sim.LengthError{What: "it", Got: len(p.got), Want: p.want}}
		}
		if err := sim.CheckFinite("it", p.got); err != nil {
			return &sim.StateError{Part: p.name, Err: err}
		}
	}
	return nil
}
