package learning

import (
	"context"
	"errors"
	"io"
	"path/filepath"
	"time"
)

// foresight says when the next open-loop prediction is shown to who watches.
type foresight struct {
	at   time.Time     // of the last
	cost time.Duration // of the last
}

// modesty is the least ratio of the time between predictions to what one takes.
const modesty = 20

// due says whether a prediction is wanted after an update: as often as updates say,
// and as often as time says unless that would hold the training up.
func (f *foresight) due(updates int, set Settings, now time.Time) bool {
	waited := now.Sub(f.at)
	return updates%set.OpenLoopEvery == 0 ||
		!f.at.IsZero() && waited.Seconds() >= set.OpenLoopSeconds && waited >= modesty*f.cost
}

// predict makes the open-loop predictions that are due. Their chance is their own:
// they do not change what is learned.
func (s *session) predict(ctx context.Context) error {
	if s.lapse.due(s.counters.Updates) {
		if err := s.shoot(ctx); err != nil {
			return err
		}
	}
	if s.opts.OpenLoop == nil {
		return nil
	}
	began := time.Now()
	if s.foresight.at.IsZero() {
		s.foresight.at = began
	}
	if !s.foresight.due(s.counters.Updates, s.run.Settings, began) {
		return nil
	}
	o, err := s.foresee()
	if err != nil {
		return err
	}
	s.foresight.at = time.Now()
	s.foresight.cost = s.foresight.at.Sub(began)
	if o != nil {
		s.opts.OpenLoop(o)
	}
	return nil
}

// foresee predicts one of the held-out episodes in turn; nil if there is none.
func (s *session) foresee() (*OpenLoop, error) {
	number := s.counters.Updates / s.run.Settings.OpenLoopEvery
	e, ref, err := s.replay.example(number, s.run.Settings.OpenLoopLength)
	if e == nil || err != nil {
		return nil, err
	}
	o, err := s.openLoop(e, s.replay.reward(ref.Task), s.run.Settings.OpenLoopContext, number)
	if err != nil {
		return nil, err
	}
	o.HeldOut = ref.HeldOut
	return o, nil
}

// shoot adds a prediction to the time-lapse, always of the same episode.
func (s *session) shoot(ctx context.Context) error {
	l := s.lapse
	if l.episode == nil {
		e, ref, err := s.replay.example(0, s.run.Settings.OpenLoopLength)
		if e == nil || err != nil {
			return err
		}
		if err := l.begin(e, ref, s.replay.reward(ref.Task), s.run.Settings.OpenLoopContext); err != nil {
			return err
		}
	}
	o, err := s.openLoop(l.episode, l.header.Reward, l.header.Context, s.counters.Updates)
	if err != nil {
		return err
	}
	if err := l.add(o, s.wall()); err != nil {
		return err
	}
	write := func() error {
		return s.opts.disk.replace(filepath.Join(s.opts.Out, TimeLapseName), func(w io.Writer) error { return l.write(w) })
	}
	if err := s.persist(ctx, write); err != nil {
		return err
	}
	s.showLapse()
	return nil
}

func (s *session) showLapse() {
	if s.opts.TimeLapse != nil && len(s.lapse.shots) > 0 {
		s.opts.TimeLapse(s.lapse.copy())
	}
}

// openLoop predicts an episode with the present parameters.
func (s *session) openLoop(e *Episode, reward string, context, number int) (*OpenLoop, error) {
	p, err := s.learner.Snapshot()
	if err != nil {
		return nil, err
	}
	m, err := s.opts.world.Predictor(p, s.opts.Device)
	if err != nil {
		return nil, err
	}
	o, err := openLoop(m, e, reward, context, s.run.Settings.OpenLoopLength, s.run.Seed, int64(number))
	if err := errors.Join(err, m.Close()); err != nil {
		return nil, err
	}
	o.Updates = s.counters.Updates
	for t := o.Context; t < o.Frames; t++ {
		o.ModelReward[t] = p.Rewards.Real(o.ModelReward[t])
	}
	return o, nil
}
