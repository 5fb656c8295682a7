package learning

import "os"

// TrainedOn names by checksum (EpisodeRef.SHA256) the episodes of a run's replay
// buffer that the run learns from, as of its newest checkpoint.
func TrainedOn(dir string) (map[string]bool, error) {
	paths, err := Checkpoints(dir)
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, &FileError{Path: dir, Reason: ErrNoRun}
	}
	f, err := os.Open(paths[0])
	if err != nil {
		return nil, err
	}
	defer f.Close()
	h, err := readContainerHeader[checkpointHeader](f, checkpointKind)
	if err != nil {
		return nil, atPath(paths[0], err)
	}
	trained := map[string]bool{}
	for _, e := range h.Contents.Replay {
		if !e.HeldOut {
			trained[e.SHA256] = true
		}
	}
	return trained, nil
}
