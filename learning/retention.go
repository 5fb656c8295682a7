package learning

// retention removes the files of the run's own episodes that the buffer has
// dropped for want of capacity. It waits until no checkpoint that is kept names
// them, so that each of these can still be resumed from.
type retention struct {
	// oldest is, for each of the newest checkpoints of this session, the number of
	// the first own episode of each task that it names.
	oldest [][]int
	newest string // file of the newest checkpoint; saved twice it is one
}

// retire is called after each checkpoint.
func (s *session) retire() error {
	if s.own == nil {
		return nil
	}
	r := &s.retention
	if r.newest == s.checkpoint {
		r.oldest = r.oldest[:len(r.oldest)-1]
	}
	r.newest = s.checkpoint
	r.oldest = append(r.oldest, s.oldestOwn())
	if extra := len(r.oldest) - s.run.Settings.KeepCheckpoints; extra > 0 {
		r.oldest = r.oldest[extra:]
	} else if extra < 0 {
		return nil // a checkpoint of an earlier session is still there
	}
	for task, own := range s.own {
		if err := own.drop(r.oldest[0][task]); err != nil {
			return err
		}
	}
	return nil
}

// oldestOwn is the number of the first of the run's own episodes of each task in
// the buffer.
func (s *session) oldestOwn() []int {
	first := make([]int, len(s.own))
	for task, own := range s.own {
		first[task] = len(own.Entries)
	}
	index := indexAll(s.own)
	for _, st := range s.replay.stored {
		if st.ref.Data {
			continue
		}
		if i, ok := index[st.ref.Task][st.ref.File]; ok {
			first[st.ref.Task] = min(first[st.ref.Task], i)
		}
	}
	return first
}
