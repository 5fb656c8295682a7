package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latco-studio/latco/learning"
	"github.com/latco-studio/latco/sim"
)

// librarian is the goroutine that reads and changes data sets for the browser, so
// that a slow disk never holds the scene. It follows what others write to the open
// set.
type librarian struct {
	home   string
	tasks  []sim.Task
	orders *queue[any]
	report reporter

	more []string  // folders beyond those it looks through
	dir  string    // of the open set; "" if none is
	seen time.Time // the manifest of the open set was last written
	use  string    // why the open set must not be changed, when last looked at
	undo undo
}

// undo is the last deletion, whose files are still there.
type undo struct {
	dir     string
	numbers []int
}

// followEvery is how often it looks whether the open set has been written to.
const followEvery = time.Second

// Orders to the librarian.
type (
	listOrder    struct{ folders []string }
	relistOrder  struct{} // with the folders of the last time
	openOrder    struct{ dir string }
	episodeOrder struct {
		set    *learning.Dataset
		number int
		reward string
	}
	deleteOrder struct {
		dir     string
		numbers []int
	}
	undoOrder struct{}
)

// Reports of the librarian.
type (
	dataListed struct{ sets []DataSet }
	// dataOpened brings a set as it is now: one that was asked for, or that has changed.
	dataOpened struct {
		dir   string
		set   *learning.Dataset // never changed again
		shown OpenSet
		undo  int
		said  string // what the status line is to say; "" nothing
		err   error  // the set is as it was
	}
	episodeRead struct {
		dir    string
		number int
		frames EpisodeView
	}
)

func newLibrarian(home string, tasks []sim.Task, report reporter) *librarian {
	return &librarian{home: home, tasks: tasks, orders: newQueue[any](), report: report}
}

func (l *librarian) ask(order any) { l.orders.put(order) }

// loop obeys until ctx ends, and then deletes for good what could still be brought
// back.
func (l *librarian) loop(ctx context.Context) {
	defer l.purge()
	tick := time.NewTicker(followEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			l.follow()
		case <-l.orders.wake:
			for _, order := range l.orders.rest() {
				l.obey(order)
			}
		}
	}
}

func (l *librarian) obey(order any) {
	switch o := order.(type) {
	case listOrder:
		l.more = o.folders
		l.list()
	case relistOrder:
		l.list()
	case openOrder:
		l.open(o.dir)
	case episodeOrder:
		l.report(episodeRead{o.set.Dir, o.number, readFrames(o)})
	case deleteOrder:
		l.delete(o)
	case undoOrder:
		l.restore()
	}
}

func (l *librarian) list() { l.report(dataListed{FindData(l.home, l.more, l.tasks)}) }

// open makes a set the one that is followed.
func (l *librarian) open(dir string) {
	set, err := learning.OpenDataset(dir)
	if err != nil {
		l.report(dataOpened{dir: dir, err: err})
		return
	}
	l.dir = dir
	l.show(set, "", nil)
}

// show reports a set as it is.
func (l *librarian) show(set *learning.Dataset, said string, err error) {
	done := dataOpened{dir: set.Dir, set: set, shown: OpenSet{DataSet: summed(l.home, set, l.tasks), Settings: set.Info.Settings}, said: said, err: err}
	done.shown.Episodes = episodesOf(set, done.shown.Reward)
	if l.undo.dir == set.Dir {
		done.undo = len(l.undo.numbers)
	}
	l.seen, l.use = done.shown.Changed, done.shown.InUse
	l.report(done)
}

func episodesOf(set *learning.Dataset, reward string) []DataEpisode {
	var list []DataEpisode
	for i, e := range set.Entries {
		if e.Dropped {
			continue
		}
		policy := e.Policy
		if policy == "" {
			policy = set.Info.Policy
		}
		list = append(list, DataEpisode{Number: i, File: e.File, Policy: policy, Seed: e.Seed, Steps: e.Steps,
			Return: entryReturn(e, reward), Success: e.Success, Outcome: e.Outcome})
	}
	return list
}

// follow reads the open set again if it has been written to, or is in use no longer,
// or is now. A manifest that is gone or damaged at the moment is left to the next
// opening.
func (l *librarian) follow() {
	if l.dir == "" {
		return
	}
	use := ""
	if err := dataInUse(l.home, l.dir); err != nil {
		use = err.Error()
	}
	if use == l.use && !changedSince(l.dir, l.seen) {
		return
	}
	set, err := learning.OpenDataset(l.dir)
	if err != nil {
		return
	}
	l.show(set, "", nil)
}

// delete takes episodes out and keeps their files until the next deletion.
func (l *librarian) delete(o deleteOrder) {
	l.purge()
	set, err := editData(l.home, o.dir, editor, func(set *learning.Dataset) error {
		if err := set.Purge(); err != nil { // of a program that was killed
			return err
		}
		return set.Delete(o.numbers...)
	})
	if set == nil {
		l.report(dataOpened{dir: o.dir, err: fmt.Errorf("deleting episodes: %w", err)})
		return
	}
	said := ""
	if err == nil {
		l.undo = undo{o.dir, slices.Clone(o.numbers)}
		said = fmt.Sprintf("Deleted %s from %s.", counted(len(o.numbers), "episode"), dataSetName(o.dir))
	}
	l.show(set, said, err)
}

// editor is who holds the lock of a set while it is edited.
const editor = "the data browser"

// restore undoes the last deletion.
func (l *librarian) restore() {
	if len(l.undo.numbers) == 0 {
		l.report(failed{"Nothing to bring back", fmt.Errorf("no episodes were deleted lately")})
		return
	}
	was := l.undo
	set, err := editData(l.home, was.dir, editor, func(set *learning.Dataset) error { return set.Restore(was.numbers...) })
	if set == nil {
		l.report(dataOpened{dir: was.dir, err: fmt.Errorf("bringing episodes back: %w", err)})
		return
	}
	said := ""
	if err == nil {
		l.undo = undo{}
		said = fmt.Sprintf("Brought back %s.", counted(len(was.numbers), "episode"))
	}
	l.show(set, said, err)
}

// purge makes the last deletion final. A set that is gone or in use keeps its files
// aside; the next deletion in it removes them.
func (l *librarian) purge() {
	if len(l.undo.numbers) == 0 {
		return
	}
	dir := l.undo.dir
	l.undo = undo{}
	_, _ = editData(l.home, dir, editor, (*learning.Dataset).Purge)
}

// readFrames reads what is shown of an episode. One that is damaged says so.
func readFrames(o episodeOrder) EpisodeView {
	v := EpisodeView{Dir: o.set.Dir}
	ep, err := o.set.Load(o.number)
	if err != nil {
		v.Err = err.Error()
		return v
	}
	v.Frames = frames(ep.Pixels)
	sum := 0.0
	for _, r := range ep.Learned(o.reward) {
		sum += float64(r)
		v.Rewards, v.Returns = append(v.Rewards, float64(r)), append(v.Returns, sum)
	}
	return v
}
