package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// keeper is the goroutine that reads and writes bookmarks, so that a slow disk
// never holds the scene. A change is made to what the file holds at that moment.
type keeper struct {
	orders *queue[any]
	report reporter
}

// bookcase names a file of bookmarks and the task it is for.
type bookcase struct{ path, task string }

// shelfOf is where the bookmarks of a task are kept. Scenes opened from disk are
// told apart by their path.
func shelfOf(home string, t TaskInfo) bookcase {
	name := t.Name
	if t.File != "" {
		path := t.File
		if abs, err := filepath.Abs(path); err == nil {
			path = abs
		}
		name = fmt.Sprintf("scene-%s-%.4x", t.Name, sha256.Sum256([]byte(path)))
	}
	file := unsafeInNames.ReplaceAllString(name, "_") + ".json"
	return bookcase{filepath.Join(home, marksFolder, file), name}
}

var unsafeInNames = regexp.MustCompile(`[^a-zA-Z0-9._-]`)

// Orders to the keeper.
type (
	// readMarks reports what a file holds.
	readMarks struct{ bookcase }
	// editMarks changes it. said is what the status line says afterwards.
	editMarks struct {
		bookcase
		edit func([]bookmark) (now []bookmark, said string, err error)
	}
)

// marksRead reports the bookmarks of a task after an order.
type marksRead struct {
	bookcase
	marks []bookmark
	said  string
	err   error
	old   bool // marks are not known: err kept the keeper from reading them
}

func newKeeper(report reporter) *keeper { return &keeper{newQueue[any](), report} }

func (k *keeper) ask(order any) { k.orders.put(order) }

// loop obeys until ctx ends.
func (k *keeper) loop(ctx context.Context) {
	for {
		order, ok := k.orders.take(ctx)
		if !ok {
			return
		}
		k.obey(order)
	}
}

// finish writes what was still asked for when the loop and its clients had ended.
func (k *keeper) finish() {
	for _, order := range k.orders.rest() {
		k.obey(order)
	}
}

func (k *keeper) obey(order any) {
	switch o := order.(type) {
	case readMarks:
		done := marksRead{bookcase: o.bookcase}
		done.marks, done.err = readShelf(o.path, o.task)
		done.old = done.err != nil
		k.report(done)
	case editMarks:
		k.report(o.obeyed())
	}
}

// obeyed edits the file. One that is damaged is put aside, not overwritten.
func (o editMarks) obeyed() marksRead {
	done := marksRead{bookcase: o.bookcase}
	marks, err := readShelf(o.path, o.task)
	var bad *DamagedError
	aside := ""
	if errors.As(err, &bad) {
		if aside, err = putAside(o.path); err != nil {
			done.err, done.old = errors.Join(bad, err), true
			return done
		}
	}
	now, said, err := o.edit(marks)
	if err == nil {
		err = writeShelf(o.path, o.task, now)
	}
	if err != nil {
		done.marks, done.err = marks, err
		return done
	}
	done.marks, done.said = now, said
	if aside != "" {
		done.said += " The damaged file is kept as " + aside + "."
	}
	return done
}

// putAside renames a file that cannot be used.
func putAside(path string) (string, error) {
	aside := fmt.Sprintf("%s.damaged-%s", path, time.Now().Format("20060102-150405.000"))
	if err := os.Rename(path, aside); err != nil {
		return "", fmt.Errorf("putting the damaged file aside: %w", err)
	}
	return aside, nil
}
