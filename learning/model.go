package learning

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/latco-studio/latco/learning/rssm"
)

const modelKind = "model"

// Manifest says what a model is and how it was made.
type Manifest struct {
	Name     string       `json:"name,omitempty"`
	Task     string       `json:"task"` // several: their names with commas between
	Kind     string       `json:"kind"` // rssm
	Preset   string       `json:"preset"`
	Updates  int          `json:"updates"`
	Frames   int          `json:"frames"`   // simulator steps it was trained from
	Episodes int          `json:"episodes"` // episodes it was trained from
	Seed     int64        `json:"seed"`
	Reward   string       `json:"reward,omitempty"`  // RewardShaped or RewardSparse; "" in older files: shaped
	Command  string       `json:"command,omitempty"` // that made it
	Commit   string       `json:"commit,omitempty"`  // of the program that made it
	Eval     []Evaluation `json:"eval,omitempty"`
	Storage  string       `json:"storage"` // float32 or float16, set by saving
	// MaxError is the largest change of a weight by storing it as float16; its
	// relative error is at most 2⁻¹¹.
	MaxError float64 `json:"max_error,omitempty"`
	// TaskSettings are how its one task was set, by key; nil in older files.
	TaskSettings map[string]string `json:"task_settings,omitempty"`
	// PlannerSettings are those of what planned its episodes of its one task, horizon
	// and replan interval among them, by key; nil in older files.
	PlannerSettings map[string]string `json:"planner_settings,omitempty"`
	// Tasks are those of a model that was trained on several.
	Tasks []ModelTask `json:"tasks,omitempty"`
}

// ModelTask is one of the tasks of a model.
type ModelTask struct {
	Name      string `json:"name"`
	ActionDim int    `json:"action_dim"`
	Reward    string `json:"reward"` // RewardShaped or RewardSparse

	Settings        map[string]string `json:"settings,omitempty"`         // how it was set
	PlannerSettings map[string]string `json:"planner_settings,omitempty"` // as in Manifest
}

// TaskNames are the tasks that the model was trained on.
func (m Manifest) TaskNames() []string {
	if len(m.Tasks) == 0 {
		return []string{m.Task}
	}
	names := make([]string, len(m.Tasks))
	for i, t := range m.Tasks {
		names[i] = t.Name
	}
	return names
}

// Evaluation is one measured figure of a model.
type Evaluation struct {
	Task        string         `json:"task,omitempty"` // of a model of several
	Planner     string         `json:"planner"`
	Command     string         `json:"command,omitempty"`
	Episodes    int            `json:"episodes"`
	SuccessRate float64        `json:"success_rate"`
	ReturnMean  float64        `json:"return_mean"`
	Outcomes    map[string]int `json:"outcomes,omitempty"`
}

// Model is a world model without the means to train it further.
type Model struct {
	Manifest Manifest
	Params   *rssm.Params
}

type modelHeader struct {
	Manifest  Manifest     `json:"manifest"`
	ActionDim int          `json:"action_dim"`
	Config    rssm.Config  `json:"config"`
	Params    paramsHeader `json:"params"`
}

// SaveModel writes m to path, whole or not at all. half stores float16, half
// the size: every weight then moves by at most 2⁻¹¹ of itself (2⁻²⁵ if below
// 2⁻¹⁴); a weight beyond ±65504 is an error.
func SaveModel(path string, m *Model, half bool) error {
	return saveModel(disk{}, path, m, half)
}

func saveModel(d disk, path string, m *Model, half bool) error {
	params, values := splitParams(m.Params)
	manifest := m.Manifest
	manifest.Storage, manifest.MaxError = "float32", 0
	if half {
		manifest.Storage, manifest.MaxError = "float16", halfError(values)
		if !finite([]float64{manifest.MaxError}) {
			return &FileError{Path: path, Reason: errors.New("a weight is too large for float16")}
		}
	}
	file := container[modelHeader]{
		Kind:   modelKind,
		Header: modelHeader{manifest, m.Params.ActionDim, m.Params.Config, params},
		Blobs:  []blob{{paramsBlob, half, values}},
	}
	return d.replace(path, file.write)
}

// LoadModel reads a model file, or the model in a checkpoint, from disk. What
// is wrong with the file is a *FileError.
func LoadModel(path string) (*Model, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, atPath(path, err)
	}
	m, err := decodeModel(file)
	return m, atPath(path, err)
}

// LoadModelFS is LoadModel from a file system such as the bundled one.
func LoadModelFS(fsys fs.FS, name string) (*Model, error) {
	file, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, atPath(name, err)
	}
	m, err := decodeModel(file)
	return m, atPath(name, err)
}

func decodeModel(file []byte) (*Model, error) {
	box, err := parseContainer[modelHeader](file, modelKind)
	if errors.Is(err, ErrForeign) {
		if c, err := decodeCheckpoint(file); err == nil {
			return c.model(), nil
		} else if !errors.Is(err, ErrForeign) {
			return nil, err
		}
	}
	if err != nil {
		return nil, err
	}
	h := box.Header
	p, err := joinParams(h.Config, h.ActionDim, h.Params, box)
	if err != nil {
		return nil, err
	}
	return &Model{h.Manifest, p}, nil
}

// model is the part of a checkpoint that a planner needs.
func (c *Checkpoint) model() *Model { return &Model{c.manifest(), c.State.Params} }

func (c *Checkpoint) manifest() Manifest {
	return c.Run.manifest(c.Updates, c.Frames, c.Episodes)
}

// manifest describes the model that the run has come to.
func (r Run) manifest(updates, frames, episodes int) Manifest {
	m := Manifest{
		Task: r.Task, Kind: "rssm", Preset: r.Preset, Updates: updates, Frames: frames, Episodes: episodes,
		Seed: r.Seed, Reward: r.Reward(), Command: r.Command, Commit: r.Version, Storage: "float32",
		TaskSettings: r.TaskSettings, PlannerSettings: r.PlannerSettings,
	}
	for _, t := range r.Tasks {
		m.Tasks = append(m.Tasks, ModelTask{t.Name, t.ActionDim, r.RewardOf(t), t.Settings, t.PlannerSettings})
	}
	return m
}

// ReadManifest reads no more of a model file or checkpoint than describes it;
// the checksum is not verified. It is for lists.
func ReadManifest(fsys fs.FS, name string) (Manifest, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return Manifest{}, err
	}
	defer f.Close()
	h, err := readContainerHeader[struct {
		modelHeader
		checkpointHeader
	}](f, modelKind, checkpointKind)
	if err != nil {
		return Manifest{}, atPath(name, err)
	}
	if h.Kind == checkpointKind {
		c := Checkpoint{Run: h.Contents.Run, Counters: h.Contents.Counters}
		return c.manifest(), nil
	}
	return h.Contents.Manifest, nil
}

// ReadManifestFile is ReadManifest for a path on disk.
func ReadManifestFile(path string) (Manifest, error) {
	m, err := ReadManifest(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	var fe *FileError
	if errors.As(err, &fe) {
		err = &FileError{path, fe.Reason, fe.Detail}
	}
	return m, err
}

// CheckFor returns a *MismatchError if m was made for another task or action
// size. path names the model in the error.
func (m *Model) CheckFor(path, task string, actionDim int) error {
	var e MismatchError
	e.compare("task", m.Manifest.Task, task)
	e.compare("action_dim", m.Params.ActionDim, actionDim)
	return e.at(path)
}
