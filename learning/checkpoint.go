package learning

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"

	"github.com/latco-studio/latco/learning/rssm"
)

const (
	checkpointKind   = "checkpoint"
	checkpointPrefix = "checkpoint-"
	fileSuffix       = ".latco"
	damagedSuffix    = ".damaged" // of checkpoints set aside
)

// ErrNoRun: the folder holds no checkpoint to go on from.
var ErrNoRun = errors.New("no checkpoint to resume from")

// Run is what stays the same over all sessions of a training run.
type Run struct {
	Task      string      `json:"task"`       // several: their names with commas between
	ActionDim int         `json:"action_dim"` // of the model
	Preset    string      `json:"preset"`
	Config    rssm.Config `json:"config"`
	Settings  Settings    `json:"settings"`
	Seed      int64       `json:"seed"`
	Sparse    bool        `json:"sparse,omitempty"` // the task's own reward is the sparse one
	Data      string      `json:"data,omitempty"`   // folder of the offline data set; in a checkpoint relative to the run's, if within
	Command   string      `json:"command,omitempty"`
	Version   string      `json:"version,omitempty"`

	// How the task is set, and what plans the collected episodes, as texts by key.
	// Nil or "" in older checkpoints, which do not say.
	TaskSettings    map[string]string `json:"task_settings,omitempty"`
	Planner         string            `json:"planner,omitempty"`
	PlannerSettings map[string]string `json:"planner_settings,omitempty"`

	// Tasks are those of a run that learns several (SetTasks). Sparse, Data and both
	// settings are theirs then, not the run's.
	Tasks []RunTask `json:"tasks,omitempty"`
}

// Checkpoint is everything a run needs to go on as if never interrupted.
// Episodes are named, not contained.
type Checkpoint struct {
	Run
	Counters
	Replay  []EpisodeRef
	Evicted int
	State   rssm.TrainerState
}

// checkpointHeader is the JSON part of the file.
type checkpointHeader struct {
	Run      Run          `json:"run"`
	Counters Counters     `json:"counters"`
	Replay   []EpisodeRef `json:"replay"`
	Evicted  int          `json:"evicted"`
	State    stateHeader  `json:"state"`
}

// SaveCheckpoint writes c into dir under a name that holds the number of
// updates, whole or not at all, and then removes all but the newest keep
// checkpoints (0 = keep all). It returns the path.
func SaveCheckpoint(dir string, c *Checkpoint, keep int) (string, error) {
	return saveCheckpoint(disk{}, dir, c, keep)
}

func saveCheckpoint(d disk, dir string, c *Checkpoint, keep int) (string, error) {
	state, blobs := splitState(c.State)
	file := container[checkpointHeader]{
		Kind:   checkpointKind,
		Header: checkpointHeader{c.Run, c.Counters, c.Replay, c.Evicted, state},
		Blobs:  blobs,
	}
	path := filepath.Join(dir, fmt.Sprintf("%s%09d%s", checkpointPrefix, c.Updates, fileSuffix))
	if err := d.replace(path, file.write); err != nil {
		return "", err
	}
	if keep <= 0 {
		return path, nil
	}
	all, err := Checkpoints(dir)
	if err != nil {
		return path, err
	}
	for _, old := range all[min(keep, len(all)):] {
		if err := os.Remove(old); err != nil {
			return path, err
		}
	}
	return path, nil
}

// Checkpoints lists the checkpoints of a run folder, newest first. A folder
// that does not exist has none.
func Checkpoints(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), checkpointPrefix) && strings.HasSuffix(e.Name(), fileSuffix) {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	sort.Sort(sort.Reverse(sort.StringSlice(paths)))
	return paths, nil
}

// LoadCheckpoint reads and verifies a checkpoint. What is wrong with the file
// is a *FileError that wraps ErrForeign, ErrTruncated, ErrCorrupt or ErrVersion.
func LoadCheckpoint(path string) (*Checkpoint, error) {
	file, err := os.ReadFile(path)
	if err != nil {
		return nil, atPath(path, err)
	}
	c, err := decodeCheckpoint(file)
	return c, atPath(path, err)
}

func decodeCheckpoint(file []byte) (*Checkpoint, error) {
	box, err := parseContainer[checkpointHeader](file, checkpointKind)
	if err != nil {
		return nil, err
	}
	if err := knownKeys(file); err != nil {
		return nil, err
	}
	h := box.Header
	h.Run.Settings.completeOld()
	if err := h.Run.Settings.Validate(); err != nil {
		return nil, flaw(ErrCorrupt, "%v", err)
	}
	if c := h.Counters; min(c.Updates, c.Frames, c.Episodes, c.SinceCollect, c.Evaluations, c.EvaluationsDue, h.Evicted) < 0 {
		return nil, flaw(ErrCorrupt, "counters below zero: %+v, %d evicted", c, h.Evicted)
	}
	if err := h.checkRefs(); err != nil {
		return nil, err
	}
	state, err := joinState(h.Run.Config, h.Run.ActionDim, h.State, box)
	if err != nil {
		return nil, err
	}
	return &Checkpoint{h.Run, h.Counters, h.Replay, h.Evicted, state}, nil
}

// checkRefs checks the tasks and what refers to them.
func (h *checkpointHeader) checkRefs() error {
	if err := h.Run.checkTasks(); err != nil {
		return flaw(ErrCorrupt, "%v", err)
	}
	for _, ref := range h.Replay {
		if n := len(h.Run.Learns()); ref.Task < 0 || ref.Task >= n {
			return flaw(ErrCorrupt, "episode %s is of task %d of %d", ref.File, ref.Task, n)
		}
	}
	return nil
}

// strictHeader is checkpointHeader without the readers of older files, which take
// any key.
type strictHeader struct {
	checkpointHeader
	Run struct {
		Run
		Config   plainConfig   `json:"config"`
		Settings plainSettings `json:"settings"`
	} `json:"run"`
}

type (
	plainConfig   rssm.Config
	plainSettings Settings
)

// knownKeys refuses a checkpoint that says more than this program understands: it
// would go on otherwise than it began. The file has been parsed.
func knownKeys(file []byte) error {
	n, err := parsePreamble(file)
	if err != nil {
		return err
	}
	strict := json.NewDecoder(bytes.NewReader(file[preambleSize : preambleSize+n]))
	strict.DisallowUnknownFields()
	if err := strict.Decode(new(containerHeader[strictHeader])); err != nil {
		return flaw(ErrVersion, "written by a newer program: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return nil
}
