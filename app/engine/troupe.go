package engine

import (
	"context"
	"errors"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/learning/rssm"
)

// troupe plays several tasks for the trainer, each with a collector of its own.
type troupe []*collector

func newTroupe(lessons []lesson, draw drawer, device string, threads int) (troupe, error) {
	var all troupe
	for _, l := range lessons {
		c, err := newCollector(l.task, l.note.Settings, l.setup, draw, device, threads)
		if err != nil {
			return nil, errors.Join(err, all.close())
		}
		all = append(all, c)
	}
	return all, nil
}

func (t troupe) Collect(ctx context.Context, a learning.Assignment) (*learning.Episode, error) {
	return t[a.Task].Collect(ctx, a)
}

func (t troupe) Evaluate(ctx context.Context, task int, params *rssm.Params, i int) (*learning.EpisodeMetric, error) {
	return t[task].Evaluate(ctx, task, params, i)
}

func (t troupe) close() error {
	var err error
	for _, c := range t {
		err = errors.Join(err, c.close())
	}
	return err
}
