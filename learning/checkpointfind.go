package learning

import (
	"cmp"
	"errors"
	"fmt"
	"os"
)

// LoadNewest reads the newest checkpoint of a run folder that is not damaged. If
// all are, the error is that of the newest.
func LoadNewest(dir string) (*Checkpoint, string, error) {
	c, path, _, err := newestSound(dir)
	return c, path, err
}

// newestSound also returns what is wrong with the checkpoints that are newer. One
// of another format version is an error: it is not damaged, and to go on from an
// older one would throw away what it holds.
func newestSound(dir string) (c *Checkpoint, path string, damaged []*FileError, err error) {
	paths, err := Checkpoints(dir)
	if err != nil {
		return nil, "", nil, err
	}
	for _, path := range paths {
		c, err := LoadCheckpoint(path)
		if err == nil {
			return c, path, damaged, nil
		}
		var flaw *FileError
		if !isDamage(err) || !errors.As(err, &flaw) {
			return nil, "", nil, err
		}
		damaged = append(damaged, flaw)
	}
	if len(damaged) > 0 {
		return nil, "", nil, fmt.Errorf("%w (the newest of %d checkpoints, none of them sound)", damaged[0], len(damaged))
	}
	return nil, "", nil, &FileError{Path: dir, Reason: ErrNoRun}
}

// isDamage says whether a file is not what this program wrote.
func isDamage(err error) bool {
	return errors.Is(err, ErrTruncated) || errors.Is(err, ErrCorrupt) || errors.Is(err, ErrForeign)
}

// LoadRun says what run a folder holds and how far it is, without reading its
// parameters: how a caller learns the settings to resume with. A checkpoint whose
// beginning is damaged is passed over.
func LoadRun(dir string) (Run, Counters, error) {
	paths, err := Checkpoints(dir)
	if err != nil {
		return Run{}, Counters{}, err
	}
	var first error
	for _, path := range paths {
		h, err := readCheckpointHeader(path)
		if err == nil {
			return h.Run, h.Counters, nil
		}
		if !isDamage(err) {
			return Run{}, Counters{}, err
		}
		first = cmp.Or(first, err)
	}
	return Run{}, Counters{}, cmp.Or(first, error(&FileError{Path: dir, Reason: ErrNoRun}))
}

func readCheckpointHeader(path string) (checkpointHeader, error) {
	f, err := os.Open(path)
	if err != nil {
		return checkpointHeader{}, err
	}
	defer f.Close()
	h, err := readContainerHeader[checkpointHeader](f, checkpointKind)
	h.Contents.Run.Settings.completeOld()
	return h.Contents, atPath(path, err)
}
