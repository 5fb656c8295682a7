package engine

import "sync"

// inbox is the queue of commands. Values that change faster than the engine
// looks, such as the pointer while dragging, are merged with the command before
// them, so that the queue stays short and the newest value is the one obeyed.
type inbox struct {
	mu    sync.Mutex
	queue []Command
	asked uint64        // commands put so far
	wake  chan struct{} // one token while the queue is not empty
}

func newInbox() *inbox { return &inbox{wake: make(chan struct{}, 1)} }

// put queues a command.
func (b *inbox) put(c Command) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	if n := len(b.queue); n > 0 {
		if merged, ok := merge(b.queue[n-1], c); ok {
			b.queue[n-1] = merged
			return
		}
	}
	b.queue = append(b.queue, c)
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// drain takes everything, in order, and counts what was ever put. into is reused.
func (b *inbox) drain(into []Command) (batch []Command, asked uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	into = append(into[:0], b.queue...)
	clear(b.queue)
	b.queue = b.queue[:0]
	return into, b.asked
}

// merge joins two successive commands of the same kind if one can say both.
func merge(old, next Command) (Command, bool) {
	switch n := next.(type) {
	case Viewport:
		_, ok := old.(Viewport)
		return n, ok
	case DragMove:
		_, ok := old.(DragMove)
		return n, ok
	case SelectIteration:
		_, ok := old.(SelectIteration)
		return n, ok
	case SelectColumn:
		_, ok := old.(SelectColumn)
		return n, ok
	case SetSpeed:
		_, ok := old.(SetSpeed)
		return n, ok
	case ShowThumbs:
		_, ok := old.(ShowThumbs)
		return n, ok
	case SeekReplay:
		_, ok := old.(SeekReplay)
		return n, ok
	case Orbit:
		if o, ok := old.(Orbit); ok {
			return Orbit{o.DX + n.DX, o.DY + n.DY}, true
		}
	case Pan:
		if o, ok := old.(Pan); ok {
			return Pan{o.DX + n.DX, o.DY + n.DY}, true
		}
	case Zoom:
		if o, ok := old.(Zoom); ok {
			return Zoom{o.D + n.D}, true
		}
	}
	return nil, false
}
