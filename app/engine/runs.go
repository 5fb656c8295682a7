package engine

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latco-studio/latco/learning"
)

// RunsFolder is where the window keeps its training runs, one folder each.
func RunsFolder(home string) string { return filepath.Join(home, runsFolder) }

// ListRuns describes the training runs in a folder, the last saved first. Folders
// without a run are left out; a folder that does not exist has none.
func ListRuns(folder string) ([]*learning.RunInfo, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var runs []*learning.RunInfo
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		dir := filepath.Join(folder, e.Name())
		if stat, err := os.Stat(dir); err != nil || !stat.IsDir() { // links to folders count
			continue
		}
		info, err := learning.ReadRunInfo(dir)
		if errors.Is(err, learning.ErrNoRun) {
			continue
		}
		if err != nil { // one that cannot be read must not hide the others
			info = &learning.RunInfo{Name: e.Name(), Dir: dir, Problem: err.Error()}
		}
		runs = append(runs, info)
	}
	slices.SortStableFunc(runs, func(a, b *learning.RunInfo) int { return b.Saved.Compare(a.Saved) })
	return runs, nil
}

// RenameRun gives a run in a folder another name. It is refused while the run is
// being trained, and while another run learns from episodes in it.
func RenameRun(folder, name, to string) error {
	dir, err := runDir(folder, name)
	if err != nil {
		return err
	}
	there, err := runDir(folder, to)
	if err != nil {
		return err
	}
	if err := unneeded(folder, dir); err != nil {
		return fmt.Errorf("renaming %s: %w", name, err)
	}
	return learning.RenameRun(dir, there)
}

// DeleteRun removes a run in a folder with everything it collected, under the same
// conditions.
func DeleteRun(folder, name string) error {
	dir, err := runDir(folder, name)
	if err != nil {
		return err
	}
	if err := unneeded(folder, dir); err != nil {
		return fmt.Errorf("deleting %s: %w", name, err)
	}
	return learning.DeleteRun(dir)
}

const longestRunName = 100

// runDir is the folder of the run with a name, which may not lead elsewhere.
func runDir(folder, name string) (string, error) {
	if name == "" || len(name) > longestRunName || strings.HasPrefix(name, ".") || name != filepath.Base(name) ||
		strings.ContainsAny(name, "/\\\x00\n") {
		return "", fmt.Errorf("%q is no name for a run: want 1 to %d characters, no slash, no dot in front", name, longestRunName)
	}
	return filepath.Join(folder, name), nil
}

// unneeded is an error if another run in the folder learns from episodes in dir.
func unneeded(folder, dir string) error {
	runs, err := ListRuns(folder)
	if err != nil {
		return err
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	for _, r := range runs {
		for _, t := range r.Learns() {
			if !filepath.IsAbs(t.Data) { // its own, or none
				continue
			}
			if rel, err := filepath.Rel(abs, t.Data); err == nil && filepath.IsLocal(rel) && r.Dir != dir {
				return fmt.Errorf("run %s learns from %s", r.Name, t.Data)
			}
		}
	}
	return nil
}
