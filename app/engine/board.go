package engine

import (
	"path/filepath"
	"sync"
	"sync/atomic"
)

// board holds the newest state for everybody to read. The actor posts to it after every
// change, and so does whoever asks for another task: a screen sees at once that what is
// on it is about to go.
type board struct {
	state atomic.Pointer[State]

	mu       sync.Mutex // of writers
	version  uint64
	promised []string // titles of what was asked for and is not yet being opened
}

// post publishes what the actor made; s is the board's from now on.
func (b *board) post(s *State) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.put(s)
}

func (b *board) put(s *State) {
	if n := len(b.promised); n > 0 {
		s.Opening = b.promised[n-1]
		s.Status = openingStatus(s.Opening)
	}
	b.version++
	s.Version = b.version
	b.state.Store(s)
}

// promise announces that something is going to be opened.
func (b *board) promise(title string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.promised = append(b.promised, title)
	s := *b.state.Load()
	b.put(&s)
}

// redeem says that the oldest promise is being kept, or not to be kept.
func (b *board) redeem() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.promised = b.promised[1:]
}

// opens is the title of what a command puts on the stage, if it does.
func (p *Parts) opens(c Command) (title string, ok bool) {
	switch c := c.(type) {
	case SelectTask:
		task, err := p.task(c.Name)
		return task.Title, err == nil
	case OpenScene:
		return filepath.Base(c.Path), p.OpenFile != nil
	}
	return "", false
}

// ask queues a command for the actor.
func (e *Engine) ask(c Command) {
	if title, ok := e.parts.opens(c); ok {
		e.board.promise(title)
	}
	e.inbox.put(c)
}

// obeying keeps the promise of a command.
func (e *Engine) obeying(c Command) {
	if _, ok := e.parts.opens(c); ok {
		e.board.redeem()
	}
}
