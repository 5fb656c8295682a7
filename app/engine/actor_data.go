package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/latco-studio/latco/learning"
)

// archive is what the actor knows of the data browser.
type archive struct {
	set        *learning.Dataset // the open one as it was read last, nil if none is
	wanted     []int             // thumbs
	exporting  context.CancelFunc
	collecting context.CancelFunc
}

// browse obeys what is about data sets.
func (a *actor) browse(c Command) error {
	switch c := c.(type) {
	case ListData:
		a.librarian.ask(listOrder{slices.Clone(c.Folders)})
		return nil
	case OpenData:
		dir, err := filepath.Abs(c.Dir)
		if err != nil {
			return err
		}
		a.draft.Data.Opening = dir
		a.librarian.ask(openOrder{dir})
		return nil
	case StopExport:
		if a.archive.exporting != nil {
			a.archive.exporting()
		}
		return nil
	case CollectEpisodes:
		return a.collect(c)
	case StopCollecting:
		if a.archive.collecting != nil {
			a.archive.collecting()
		}
		return nil
	}
	if a.archive.set == nil {
		return errors.New("no data set is open")
	}
	return a.browseSet(c)
}

// browseSet obeys what is about the open set.
func (a *actor) browseSet(c Command) error {
	set := a.archive.set
	switch c := c.(type) {
	case ShowThumbs:
		a.archive.wanted = slices.Clone(c.Numbers)
		a.keepThumbs(nil)
		a.thumbs.ask(&thumbRequest{set, a.archive.wanted})
	case ChooseEpisode:
		return a.chooseEpisode(c.Number)
	case ReplayEpisode:
		return a.startReplay(c.Number)
	case DeleteEpisodes:
		numbers := uniqueNumbers(c.Numbers)
		if err := checkNumbers(set, numbers); err != nil {
			return err
		}
		a.librarian.ask(deleteOrder{set.Dir, numbers})
	case UndoDelete:
		a.librarian.ask(undoOrder{})
	case ExportEpisodes:
		return a.export(c)
	}
	return nil
}

// listed takes over which data sets there are.
func (a *actor) listedData(l dataListed) {
	a.draft.Data.Sets, a.draft.Data.Listed = l.sets, true
	a.changed = true
}

// openedData takes over a set as it is now.
func (a *actor) openedData(o dataOpened) {
	d := &a.draft.Data
	a.changed = true
	asked := d.Opening == o.dir
	if asked {
		d.Opening = ""
	}
	if o.err != nil {
		a.try("", o.err)
	} else if o.said != "" {
		a.tell(Info, o.said)
	}
	if o.set == nil || !asked && (a.archive.set == nil || a.archive.set.Dir != o.dir) {
		return
	}
	if a.archive.set == nil || a.archive.set.Dir != o.dir {
		a.archive.wanted, d.Chosen = nil, nil
	}
	shown := o.shown
	if d.Open != nil && d.Open.Dir == o.dir {
		shown.Thumbs = d.Open.Thumbs
	}
	a.archive.set, d.Open, d.Undo = o.set, &shown, o.undo
	if i := slices.IndexFunc(d.Sets, func(s DataSet) bool { return s.Dir == o.dir }); i >= 0 {
		d.Sets = slices.Clone(d.Sets)
		d.Sets[i] = shown.DataSet
	} else {
		d.Sets = append(slices.Clip(d.Sets), shown.DataSet)
	}
	if c := d.Chosen; c != nil && (c.Number >= len(o.set.Entries) || o.set.Entries[c.Number].Dropped) {
		d.Chosen = nil
	}
}

// keepThumbs adds pictures and forgets those that are not wanted any more.
func (a *actor) keepThumbs(more map[int]Thumb) {
	open := *a.draft.Data.Open
	all := maps.Clone(open.Thumbs)
	if all == nil {
		all = map[int]Thumb{}
	}
	maps.Copy(all, more)
	open.Thumbs = make(map[int]Thumb, len(a.archive.wanted))
	for _, n := range a.archive.wanted {
		if t, ok := all[n]; ok {
			open.Thumbs[n] = t
		}
	}
	a.draft.Data.Open = &open
	a.changed = true
}

// thumbed takes over pictures of the open set.
func (a *actor) thumbed(r thumbsRead) {
	if a.archive.set != nil && a.archive.set.Dir == r.dir {
		a.keepThumbs(r.thumbs)
	}
}

// chooseEpisode has the frames of an episode read.
func (a *actor) chooseEpisode(number int) error {
	d := &a.draft.Data
	if number < 0 {
		d.Chosen = nil
		return nil
	}
	i := slices.IndexFunc(d.Open.Episodes, func(e DataEpisode) bool { return e.Number == number })
	if i < 0 {
		return fmt.Errorf("data set %s: no episode %d", d.Open.Name, number)
	}
	d.Chosen = &EpisodeView{DataEpisode: d.Open.Episodes[i], Dir: d.Open.Dir, Reading: true}
	a.librarian.ask(episodeOrder{a.archive.set, number, d.Open.Reward})
	return nil
}

// readEpisode takes over frames, unless another episode was chosen.
func (a *actor) readEpisode(r episodeRead) {
	c := a.draft.Data.Chosen
	if c == nil || c.Dir != r.dir || c.Number != r.number {
		return
	}
	v := r.frames
	v.DataEpisode = c.DataEpisode
	a.draft.Data.Chosen, a.changed = &v, true
}

// heard takes over what is reported about data.
func (a *actor) heard(ev event) bool {
	switch ev := ev.(type) {
	case dataListed:
		a.listedData(ev)
	case dataOpened:
		a.openedData(ev)
	case thumbsRead:
		a.thumbed(ev)
	case episodeRead:
		a.readEpisode(ev)
	case exportGoesOn:
		a.draft.Data.Export, a.changed = &ev.work, true
	case exported:
		a.exportedData(ev)
	case collectGoesOn:
		a.collectsData(ev.view)
	case collectEnded:
		a.collectedData(ev)
	case replayOpened:
		a.openedReplay(ev)
	default:
		return false
	}
	return true
}
