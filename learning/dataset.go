package learning

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	// ManifestName is the file that makes a folder a data set.
	ManifestName = "manifest.json"
	// datasetFormat of what is written. Format 1 had no settings, no sparse
	// returns and every file; it is read as well.
	datasetFormat = 2
)

// DatasetInfo says how a data set came about.
type DatasetInfo struct {
	Task      string `json:"task"`
	Policy    string `json:"policy"`
	Seed      int64  `json:"seed"`
	ActionDim int    `json:"action_dim"`

	Settings       map[string]string `json:"settings,omitempty"`        // of the task
	PolicySettings map[string]string `json:"policy_settings,omitempty"` // of the policy

	Command   string `json:"command,omitempty"`   // what was typed
	Version   string `json:"version,omitempty"`   // commit of the program
	Simulator string `json:"simulator,omitempty"` // and its version
}

// DatasetEntry is one episode of a data set.
type DatasetEntry struct {
	File   string  `json:"file"` // within the folder
	SHA256 string  `json:"sha256"`
	Bytes  int64   `json:"bytes"`
	Seed   int64   `json:"seed"`
	Steps  int     `json:"steps"`
	Frames int     `json:"frames"`
	Return float64 `json:"return"` // shaped
	// SparseReturn is 0 in sets of format 1, which do not say it.
	SparseReturn float64 `json:"sparse_return"`
	Success      bool    `json:"success"`
	Outcome      string  `json:"outcome,omitempty"`
	// SolvedAtReset is EpisodeInfo's.
	SolvedAtReset bool   `json:"solved_at_reset,omitempty"`
	Policy        string `json:"policy,omitempty"` // EpisodeInfo's; "" in sets that do not say it
	// Dropped: its file was removed, to save room or because it was Deleted.
	Dropped bool `json:"dropped,omitempty"`
	Deleted bool `json:"deleted,omitempty"` // by its user: it does not count any more
}

// Dataset is a folder of episodes with a manifest.json that lists them. An
// episode belongs to the set once the manifest names it; files of an
// interrupted Append do not, and the next Append replaces them. One goroutine
// at a time may use a Dataset, one process at a time may append.
type Dataset struct {
	Dir     string
	Info    DatasetInfo
	Entries []DatasetEntry

	disk disk
}

type manifest struct {
	Format int `json:"latco_dataset"`
	DatasetInfo
	// For readers; OpenDataset counts for itself.
	Successes int `json:"successes"`
	Failures  int `json:"failures"`

	Episodes []DatasetEntry `json:"episodes"`
}

// CreateDataset makes an empty data set in dir, which it creates if need be. A
// folder that already is a data set is an error that wraps fs.ErrExist.
func CreateDataset(dir string, info DatasetInfo) (*Dataset, error) {
	return createDataset(disk{}, dir, info)
}

func createDataset(dk disk, dir string, info DatasetInfo) (*Dataset, error) {
	if info.ActionDim < 1 {
		return nil, fmt.Errorf("data set %s: %d action dimensions, want ≥ 1", dir, info.ActionDim)
	}
	if _, err := os.Stat(filepath.Join(dir, ManifestName)); err == nil {
		return nil, &FileError{dir, fs.ErrExist, "already a data set; continue it or choose another folder"}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, writeError(dir, err)
	}
	d := &Dataset{Dir: dir, Info: info, disk: dk}
	return d, d.save(nil)
}

// OpenDataset reads the manifest of dir. Episodes are read and checked by Load.
func OpenDataset(dir string) (*Dataset, error) {
	path := filepath.Join(dir, ManifestName)
	file, err := os.ReadFile(path)
	switch stat, statErr := os.Stat(dir); {
	case errors.Is(statErr, fs.ErrNotExist):
		return nil, &FileError{dir, fs.ErrNotExist, "no such data set"}
	case statErr == nil && !stat.IsDir():
		return nil, &FileError{dir, ErrForeign, "not a data set: a file, not a folder"}
	case errors.Is(err, fs.ErrNotExist):
		return nil, &FileError{dir, ErrForeign, "not a data set: no " + ManifestName + " in it"}
	case err != nil:
		return nil, atPath(path, err)
	}
	m, err := parseManifest(file)
	if err != nil {
		return nil, atPath(path, err)
	}
	return &Dataset{Dir: dir, Info: m.DatasetInfo, Entries: m.Episodes}, nil
}

// parseManifest returns a *FileError without a path.
func parseManifest(file []byte) (m manifest, err error) {
	if err := json.Unmarshal(file, &m); err != nil {
		return m, flaw(ErrCorrupt, "%v", err)
	}
	switch {
	case m.Format == 0:
		return m, flaw(ErrForeign, "not the manifest of a data set")
	case m.Format < 1 || m.Format > datasetFormat:
		return m, flaw(ErrVersion, "data set format %d, this program reads 1 to %d", m.Format, datasetFormat)
	case m.ActionDim < 1:
		return m, flaw(ErrCorrupt, "%d action dimensions", m.ActionDim)
	}
	for i, e := range m.Episodes {
		if e.File == "" || e.File != filepath.Base(e.File) || e.Steps < 0 || e.Frames < 0 {
			return m, flaw(ErrCorrupt, "episode %d: file %q, %d steps", i, e.File, e.Steps)
		}
	}
	return m, nil
}

// ResumeDataset opens dir to go on collecting what info describes, or creates
// it if it is not there. A set of another task, policy, seed, action size or other
// settings is a *MismatchError. The next episode is number len(Entries), to be collected
// with EpisodeSeed(info.Seed, len(Entries)).
func ResumeDataset(dir string, info DatasetInfo) (*Dataset, error) {
	if _, err := os.Stat(filepath.Join(dir, ManifestName)); errors.Is(err, fs.ErrNotExist) {
		return CreateDataset(dir, info)
	}
	d, err := OpenDataset(dir)
	if err != nil {
		return nil, err
	}
	var m MismatchError
	m.compare("task", d.Info.Task, info.Task)
	m.compare("policy", d.Info.Policy, info.Policy)
	m.compare("seed", d.Info.Seed, info.Seed)
	m.compare("action_dim", d.Info.ActionDim, info.ActionDim)
	m.compareMaps("", d.Info.Settings, info.Settings)
	m.compareMaps("policy ", d.Info.PolicySettings, info.PolicySettings)
	if err := m.at(dir); err != nil {
		return nil, err
	}
	return d, sweep(dir)
}

// Load reads episode i and checks it against the manifest.
func (d *Dataset) Load(i int) (*Episode, error) {
	entry := d.Entries[i]
	path := filepath.Join(d.Dir, entry.File)
	switch {
	case entry.Deleted:
		return nil, &FileError{Path: path, Reason: ErrDeleted}
	case entry.Dropped:
		return nil, &FileError{path, fs.ErrNotExist, "removed to save room"}
	}
	e, sum, err := readEpisode(path)
	if err != nil {
		return nil, err
	}
	if sum != entry.SHA256 {
		return nil, &FileError{path, ErrCorrupt, "checksum differs from " + ManifestName}
	}
	if e.ActionDim != d.Info.ActionDim {
		return nil, &FileError{path, ErrCorrupt, fmt.Sprintf("%d action dimensions, %s says %d", e.ActionDim, ManifestName, d.Info.ActionDim)}
	}
	return e, nil
}

// Successes is the number of episodes that solved the task.
func (d *Dataset) Successes() int { return successes(d.Entries) }

func successes(entries []DatasetEntry) int {
	n := 0
	for _, e := range entries {
		if e.Success && !e.Deleted {
			n++
		}
	}
	return n
}

// Frames is the number of simulator steps in the set.
func (d *Dataset) Frames() int {
	n := 0
	for _, e := range d.Entries {
		if !e.Deleted {
			n += e.Frames
		}
	}
	return n
}

// index maps file names to episode numbers; a nil set has none.
func (d *Dataset) index() map[string]int {
	index := map[string]int{}
	if d != nil {
		for i, e := range d.Entries {
			index[e.File] = i
		}
	}
	return index
}
