package engine

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latco-studio/latco/learning"
)

// Formats of exported episodes.
const (
	ExportGIF = "gif" // an animation of what was seen, enlarged
	ExportNPZ = "npz" // NumPy's archive, as it lies in the set: np.load opens it
)

// ExportOptions name episodes of a data set and what is to be made of them.
type ExportOptions struct {
	Dir     string // of the data set
	Numbers []int  // of its episodes
	Format  string // ExportGIF or ExportNPZ
	To      string // a folder; a file if there is one episode and To has its ending
}

// ExportResult is the JSON document of latco data -export.
type ExportResult struct {
	Files   []string         `json:"files"`
	Damaged []DamagedEpisode `json:"damaged"` // left out
}

// WriteEpisodes writes each episode to a file of its own. Damaged ones are named in
// the result. When ctx ends it returns what has been written, and ctx's error.
func WriteEpisodes(ctx context.Context, o ExportOptions, progress Progress) (*ExportResult, error) {
	r := &ExportResult{Files: []string{}, Damaged: []DamagedEpisode{}}
	if o.Format != ExportGIF && o.Format != ExportNPZ {
		return r, &UnknownNameError{"format", o.Format, []string{ExportGIF, ExportNPZ}}
	}
	set, err := learning.OpenDataset(o.Dir)
	if err != nil {
		return r, err
	}
	if err := checkNumbers(set, o.Numbers); err != nil {
		return r, err
	}
	folder := o.To
	if o.isFile() {
		folder = filepath.Dir(o.To)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return r, err
	}
	for i, n := range o.Numbers {
		progress.say(i, len(o.Numbers), set.Entries[n].File)
		if err := ctx.Err(); err != nil {
			return r, err
		}
		ep, err := set.Load(n)
		if err != nil {
			r.Damaged = append(r.Damaged, DamagedEpisode{set.Entries[n].File, err.Error()})
			continue
		}
		path := o.path(set, n)
		if err := o.write(path, ep); err != nil {
			return r, err
		}
		r.Files = append(r.Files, path)
	}
	progress.say(len(o.Numbers), len(o.Numbers), "exported")
	return r, nil
}

// isFile says that To names a file rather than a folder.
func (o ExportOptions) isFile() bool {
	return len(o.Numbers) == 1 && strings.EqualFold(filepath.Ext(o.To), "."+o.Format)
}

// path is where episode n goes.
func (o ExportOptions) path(set *learning.Dataset, n int) string {
	if o.isFile() {
		return o.To
	}
	name := strings.TrimSuffix(set.Entries[n].File, filepath.Ext(set.Entries[n].File))
	return filepath.Join(o.To, ExportName(set.Dir)+"-"+name+"."+o.Format)
}

// ExportName is what the exported episodes of a data set are called by, before their
// number.
func ExportName(dir string) string { return unsafeInNames.ReplaceAllString(dataSetName(dir), "-") }

func (o ExportOptions) write(path string, ep *learning.Episode) error {
	if o.Format == ExportNPZ {
		return learning.WriteEpisode(path, ep)
	}
	return learning.ReplaceFile(path, func(w io.Writer) error { return encodeGIF(w, ep.Pixels) })
}

// checkNumbers refuses episodes that a set does not have.
func checkNumbers(set *learning.Dataset, numbers []int) error {
	if len(numbers) == 0 {
		return fmt.Errorf("data set %s: no episode was named", set.Dir)
	}
	for _, n := range numbers {
		switch {
		case n < 0 || n >= len(set.Entries):
			return fmt.Errorf("data set %s: no episode %d: they have the numbers 0 to %d", set.Dir, n, len(set.Entries)-1)
		case set.Entries[n].Dropped:
			return fmt.Errorf("data set %s: episode %d was removed", set.Dir, n)
		}
	}
	return nil
}

// uniqueNumbers are numbers in order, each once.
func uniqueNumbers(numbers []int) []int {
	return slices.Compact(slices.Sorted(slices.Values(numbers)))
}
