package learning

// retention removes the files of the run's own episodes that the buffer has
// dropped for want of capacity. It waits until no checkpoint that is kept names
// them, so that each of these can still be resumed from.
type retention struct {
	// oldest is, for each of the newest checkpoints of this session, the number of
	// the first own episode that it names.
	oldest []int
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
	return s.own.drop(r.oldest[0])
}

// oldestOwn is the number of the first of the run's own episodes in the buffer.
func (s *session) oldestOwn() int {
	own := s.own.index()
	for _, st := range s.replay.stored {
		if i, ok := own[st.ref.File]; ok && !st.ref.Data {
			return i
		}
	}
	return len(s.own.Entries)
}
