package engine

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latco-studio/latco/learning"
)

const (
	modelSuffix = ".latco" // of model files
	runsFolder  = "runs"   // of Home, one folder for each training run
)

// catalogue finds world models: those that come with the program by name, all
// others by file. The model of a task is the one with the task's name.
type catalogue struct {
	bundled fs.FS // one NAME.latco each
}

// Bundled is the name of the model that comes with a task, "" if none does.
func (c *catalogue) Bundled(task string) string {
	if _, err := fs.Stat(c.bundled, task+modelSuffix); err != nil {
		return ""
	}
	return task
}

// Names lists the models that come with the program.
func (c *catalogue) Names() []string {
	files, err := fs.Glob(c.bundled, "*"+modelSuffix)
	if err != nil {
		panic(err) // the pattern is a constant
	}
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f, modelSuffix)
	}
	return names
}

// Open reads a bundled model by name, or a model or checkpoint file, or the
// model in a run's folder.
func (c *catalogue) Open(name string) (World, error) {
	if fs.ValidPath(name) {
		m, err := learning.LoadModelFS(c.bundled, name+modelSuffix)
		if err == nil {
			return newWorld(m, name, "bundled")
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &UnknownNameError{"model", name, append(c.Names(), "or a file")}
	}
	if err == nil && info.IsDir() {
		name = filepath.Join(name, learning.ModelName)
	}
	m, err := learning.LoadModel(name)
	if err != nil {
		return nil, err
	}
	return newWorld(m, "", name)
}

// newWorld makes a World of a model that was read from source.
func newWorld(m *learning.Model, name, source string) (World, error) {
	if err := m.Params.Validate(); err != nil {
		return nil, err
	}
	man := m.Manifest
	info := ModelInfo{Name: cmp.Or(name, man.Name, modelTitle(source)), Preset: man.Preset, Updates: man.Updates, Source: source, Reward: man.Reward}
	w := &rssmWorld{params: m.Params, info: info, task: man.Task, tasks: man.Tasks, set: man.TaskSettings, plans: man.PlannerSettings}
	if len(w.tasks) > 0 {
		w.task = ""
	}
	return w, nil
}

// modelTitle names a model by its file, or by its folder if the file has the
// name that every run gives it.
func modelTitle(path string) string {
	if filepath.Base(path) == learning.ModelName {
		if abs, err := filepath.Abs(path); err == nil {
			return filepath.Base(filepath.Dir(abs))
		}
	}
	return strings.TrimSuffix(filepath.Base(path), modelSuffix)
}

// ModelEntry is one line of latco models.
type ModelEntry struct {
	Name     string                `json:"name"`  // what LoadModel and -model take
	Task     string                `json:"task"`  // several: their names with commas between
	Tasks    []string              `json:"tasks"` // each of them
	Kind     string                `json:"kind"`
	Preset   string                `json:"preset"`
	Updates  int                   `json:"updates"`
	Frames   int                   `json:"frames"`
	Episodes int                   `json:"episodes"`
	Seed     int64                 `json:"seed"`
	Bytes    int64                 `json:"bytes"`
	SHA256   string                `json:"sha256"`
	Command  string                `json:"command"`
	Eval     []learning.Evaluation `json:"eval"`
	Source   string                `json:"source"` // bundled or local
}

// ListModels lists the bundled models, then those of the runs in home and the
// model files beside them. A file that is none is an error in the list's error,
// with all others listed.
func ListModels(bundled fs.FS, home string) ([]ModelEntry, error) {
	var list []ModelEntry
	var errs []error
	add := func(fsys fs.FS, file, name, source string) {
		e, err := modelEntry(fsys, file)
		if err != nil {
			errs = append(errs, err)
			return
		}
		e.Name, e.Source = name, source
		list = append(list, e)
	}
	for _, name := range (&catalogue{bundled}).Names() {
		add(bundled, name+modelSuffix, name, "bundled")
	}
	if home == "" {
		return list, errors.Join(errs...)
	}
	local := os.DirFS(home)
	for _, pattern := range []string{"*" + modelSuffix, "models/*" + modelSuffix, runsFolder + "/*/" + learning.ModelName} {
		files, err := fs.Glob(local, pattern)
		if err != nil {
			panic(err) // the patterns are constants
		}
		for _, f := range files {
			add(local, f, filepath.Join(home, filepath.FromSlash(f)), "local")
		}
	}
	return list, errors.Join(errs...)
}

func modelEntry(fsys fs.FS, file string) (ModelEntry, error) {
	m, err := learning.ReadManifest(fsys, file)
	if err != nil {
		return ModelEntry{}, err
	}
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return ModelEntry{}, err
	}
	sum := sha256.Sum256(data)
	e := ModelEntry{Task: m.Task, Tasks: m.TaskNames(), Kind: m.Kind, Preset: m.Preset, Updates: m.Updates, Frames: m.Frames,
		Episodes: m.Episodes, Seed: m.Seed, Bytes: int64(len(data)), SHA256: hex.EncodeToString(sum[:]),
		Command: m.Command, Eval: m.Eval}
	if e.Eval == nil {
		e.Eval = []learning.Evaluation{}
	}
	return e, nil
}

// TasksOf names the tasks that a model was trained on.
func TasksOf(bundled fs.FS, model string) ([]string, error) {
	w, err := (&catalogue{bundled}).Open(model)
	if err != nil {
		return nil, err
	}
	return w.(*rssmWorld).taskNames(), nil
}
