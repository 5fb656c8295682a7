package learning

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Append writes e and then lists it in the manifest. If it fails, the set is
// what it was before, and Append may be tried again.
func (d *Dataset) Append(e *Episode) error {
	p, err := PackEpisode(e)
	if err != nil {
		return err
	}
	return d.AppendPacked(p)
}

// PackedEpisode is an episode ready to be written. Packing takes most of the time
// and may be done on any goroutine.
type PackedEpisode struct {
	file      []byte
	entry     DatasetEntry
	actionDim int
}

// PackEpisode checks and compresses e.
func PackEpisode(e *Episode) (*PackedEpisode, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	file, err := encodeEpisode(e)
	if err != nil {
		return nil, err
	}
	return &PackedEpisode{file: file, actionDim: e.ActionDim, entry: DatasetEntry{
		SHA256: hashOf(file), Bytes: int64(len(file)), Seed: e.Info.Seed,
		Steps: e.Steps(), Frames: e.Frames(),
		Return: e.Return(RewardShaped), SparseReturn: e.Return(RewardSparse),
		Success: e.Info.Success, Outcome: e.Info.Outcome, SolvedAtReset: e.Info.SolvedAtReset, Policy: e.Info.Policy,
	}}, nil
}

// AppendPacked is Append for an episode that is packed already.
func (d *Dataset) AppendPacked(p *PackedEpisode) error {
	if p.actionDim != d.Info.ActionDim {
		return fmt.Errorf("data set %s: episode has %d action dimensions, want %d", d.Dir, p.actionDim, d.Info.ActionDim)
	}
	entry := p.entry
	entry.File = fmt.Sprintf("episode-%06d.npz", len(d.Entries))
	if err := d.disk.replaceBytes(filepath.Join(d.Dir, entry.File), p.file); err != nil {
		return err
	}
	return d.save(append(d.Entries[:len(d.Entries):len(d.Entries)], entry))
}

// truncate drops the episodes from number n on: a run that resumes from an
// older checkpoint collects them again.
func (d *Dataset) truncate(n int) error {
	if n >= len(d.Entries) {
		return nil
	}
	dropped := d.Entries[n:]
	if err := d.save(d.Entries[:n:n]); err != nil {
		return err
	}
	for _, e := range dropped {
		if err := d.remove(e); err != nil {
			return err
		}
	}
	return nil
}

// drop removes the files of the episodes before number n, which stay listed.
func (d *Dataset) drop(n int) error {
	entries := slices.Clone(d.Entries)
	first := n
	for i := range entries[:n] {
		if !entries[i].Dropped {
			entries[i].Dropped = true
			first = min(first, i)
		}
	}
	if first == n {
		return nil
	}
	if err := d.save(entries); err != nil {
		return err
	}
	for _, e := range entries[first:n] {
		if err := d.remove(e); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dataset) remove(e DatasetEntry) error {
	err := os.Remove(filepath.Join(d.Dir, e.File))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// save writes the manifest with the given episodes and, once that succeeded,
// adopts them.
func (d *Dataset) save(entries []DatasetEntry) error {
	m := manifest{Format: datasetFormat, DatasetInfo: d.Info, Episodes: entries}
	if entries == nil {
		m.Episodes = []DatasetEntry{}
	}
	m.Successes = successes(entries)
	m.Failures = (&Dataset{Entries: entries}).Episodes() - m.Successes
	text, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	err = d.disk.replaceBytes(filepath.Join(d.Dir, ManifestName), append(text, '\n'))
	if err == nil {
		d.Entries = entries
	}
	return err
}
