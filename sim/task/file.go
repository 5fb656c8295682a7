package task

import (
	"fmt"
	"math/rand"
	"path/filepath"
	"slices"

	"github.com/latco-studio/latco/resources/setting"
	"github.com/latco-studio/latco/sim"
	"github.com/latco-studio/latco/sim/mujoco"
)

// controlPeriod is how long a control step of a scene from a file lasts, about, s.
const controlPeriod = 0.02

// mostSubsteps keeps a control step of a scene with a tiny time step from taking forever.
const mostSubsteps = 1000

// File makes a task of any MJCF file on disk, to be watched and driven: it has no
// reward and no goal. Meshes, textures and includes are found relative to the file.
//
// Actions within ±1 are scaled to the control ranges; controls without one take them
// as they are. Episodes begin at the first keyframe, if there is one. The task's
// camera is the file's first, or else one that sees everything. The observation is
// positions and velocities. What was ignored or cannot be drawn is in the instance's
// Notices. The errors are *mujoco.LoadError, with the parser's message and line, and
// those of mujoco.LoadFile.
func File(path string) (sim.Task, error) {
	model, err := mujoco.LoadFile(path)
	if err != nil {
		return sim.Task{}, err
	}
	defer model.Close()
	f, err := describeFile(model)
	if err != nil {
		return sim.Task{}, fmt.Errorf("opening %s: %w", path, err)
	}
	f.facts.Name = filepath.Base(path)
	f.facts.Title = f.facts.Name
	t := f.facts
	t.New = func(settings map[string]string) (sim.Instance, error) { return f.open(path, settings) }
	return t, nil
}

// sceneFile is what is known of a file before an instance of it is made.
type sceneFile struct {
	facts  sim.Task
	follow int        // body that the camera moves along with, 0 if it stays
	from   [3]float64 // where that body is at the beginning, m
	hold   []float64  // the action that keeps the controls of the beginning
}

func describeFile(model *mujoco.Model) (*sceneFile, error) {
	d, err := model.NewData()
	if err != nil {
		return nil, err
	}
	defer d.Close()
	begin(model, d)
	if err := d.Forward(); err != nil {
		return nil, err
	}
	f := &sceneFile{hold: make([]float64, model.NU)}
	for i, u := range d.Ctrl {
		f.hold[i] = normalised(model, i, u)
	}
	camera := d.Overview()
	f.facts = sim.Task{
		Group:   "file",
		Summary: "A scene from a file: to be watched, pulled and driven, without a reward.",
		Success: "There is no goal.",

		ActionDim: model.NU, ObsDim: model.NQ + model.NV,
		Horizon: 30, Replan: 1, EpisodeSteps: 100_000, ActionRepeat: 1,
		Camera: camera, FreeCamera: camera,
		Hold: func(_ sim.State, action []float64) { copy(action, f.hold) },
	}
	if model.NCamera() > 0 {
		f.facts.Camera, f.follow = d.Camera(0)
		f.from = d.BodyPos[f.follow]
	}
	return f, nil
}

// begin goes to the first keyframe.
func begin(model *mujoco.Model, d *mujoco.Data) {
	if model.NKey() > 0 {
		d.Key(0)
	}
}

// normalised is the action that gives control i the value u, within ±1.
func normalised(model *mujoco.Model, i int, u float64) float64 {
	r := model.CtrlRange[i]
	if model.CtrlLimited[i] {
		u = 2*(u-r[0])/(r[1]-r[0]) - 1
	}
	return min(max(u, -1), 1)
}

func (f *sceneFile) open(path string, settings map[string]string) (sim.Instance, error) {
	for key, text := range settings {
		return nil, setting.Set(nil, key, text) // there are none
	}
	model, err := mujoco.LoadFile(path)
	if err != nil {
		return nil, err
	}
	if model.NU != f.facts.ActionDim || model.NQ+model.NV != f.facts.ObsDim {
		model.Close()
		return nil, fmt.Errorf("%s has changed since it was opened: open it again", path)
	}
	in, err := assemble(f.facts, model, f.bind)
	if err != nil {
		return nil, fmt.Errorf("opening %s: %w", path, err)
	}
	return in, nil
}

func (f *sceneFile) bind(model *mujoco.Model) (rules, error) {
	r := rules{
		substeps: int(min(max(controlPeriod/model.Timestep()+0.5, 1), mostSubsteps)),
		settle:   settleWhenSeen,
		reset:    func(w *world, _ *rand.Rand) { begin(model, w.Data) },
		act:      drive,
		judge:    func(*world, *sim.Timestep) {},
	}
	if f.follow > 0 {
		r.track = func(w *world) (by [3]float64) {
			for k := range by {
				by[k] = w.BodyPos[f.follow][k] - f.from[k]
			}
			return by
		}
	}
	return r, nil
}

// drive scales an action to the control ranges that there are.
func drive(w *world, action []float64) {
	for i, a := range action {
		w.Ctrl[i] = a
		if r := w.model.CtrlRange[i]; w.model.CtrlLimited[i] {
			w.Ctrl[i] = r[0] + (a+1)/2*(r[1]-r[0])
		}
	}
}

var _ sim.Noticer = (*instance)(nil)

// Notices are what the compiler warned of and what cannot be drawn.
func (in *instance) Notices() []string {
	m := in.seen()
	return slices.Concat(m.Warnings, m.Undrawn())
}
