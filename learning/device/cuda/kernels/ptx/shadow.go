package ptx

// What is known of a word of memory, to find races: who wrote it last and who has
// read it since, and when (Flanagan and Freund 2009, FastTrack,
// https://doi.org/10.1145/1542476.1542490). Time is counted twice. An epoch is what
// a block does between two barriers of it; its number belongs to no other block and
// no other launch. A tick is what a warp does between two meetings (bar.warp.sync).
type cell struct {
	writeEpoch, readEpoch uint32 // 0: never
	writeTick, readTick   uint32
	readLanes             uint32 // of readWarp
	writeLine             int32
	writer, reader        uint16 // threads of their block
	readWarp              uint16
}

const (
	hostEpoch = 1 // what the host wrote before a launch
	// More than one warp of the block, in this epoch; or more than one block.
	severalWarps  = 1 << 15
	severalBlocks = severalWarps + 1
)

// conflict says whom an access meets.
type conflict struct {
	kind   Kind
	how    string
	epoch  uint32
	thread uint16
	line   int32
}

// read notes that a lane reads.
func (w *warp) read(c *cell, lane int) *conflict {
	b := w.block
	if c.writeEpoch == 0 {
		return &conflict{kind: Uninitialised}
	}
	if why := w.afterWrite(c, lane); why != nil {
		why.how = "reads what another writes"
		return why
	}
	switch {
	case c.readEpoch == b.epoch:
		w.readAgain(c, lane)
	case c.readEpoch >= b.launch.first && (c.readWarp == severalBlocks || !b.owns(c.readEpoch)):
		c.readWarp = severalBlocks
	default:
		c.readEpoch, c.readWarp, c.readTick = b.epoch, uint16(w.index), w.tick
		c.readLanes, c.reader = 1<<lane, uint16(w.index*lanes+lane)
	}
	return nil
}

// readAgain adds a reader of this epoch.
func (w *warp) readAgain(c *cell, lane int) {
	switch {
	case c.readWarp >= severalWarps:
	case c.readWarp != uint16(w.index):
		c.readWarp = severalWarps
	case c.readTick == w.tick:
		c.readLanes |= 1 << lane
	case w.met > c.readTick: // all lanes have met since: earlier readers are behind
		c.readTick, c.readLanes, c.reader = w.tick, 1<<lane, uint16(w.index*lanes+lane)
	default:
		c.readTick = w.tick
		c.readLanes |= 1 << lane
	}
}

// write notes that a lane writes.
func (w *warp) write(c *cell, lane int, line int32) *conflict {
	if why := w.afterWrite(c, lane); why != nil {
		why.how = "writes what another writes"
		return why
	}
	if c.readEpoch >= w.block.launch.first && w.beforeRead(c, lane) {
		return &conflict{kind: Race, how: "writes what another reads", epoch: c.readEpoch, thread: c.reader}
	}
	c.writeEpoch, c.writeTick, c.writer, c.writeLine = w.block.epoch, w.tick, uint16(w.index*lanes+lane), line
	c.readEpoch = 0
	return nil
}

// afterWrite says whether the last write comes before an access of this lane.
func (w *warp) afterWrite(c *cell, lane int) *conflict {
	b := w.block
	if c.writeEpoch != b.epoch {
		if c.writeEpoch < b.launch.first || b.owns(c.writeEpoch) {
			return nil
		}
	} else if me := uint16(w.index*lanes + lane); c.writer == me ||
		int(c.writer)/lanes == w.index && w.ordered(lane, int(c.writer)%lanes, c.writeTick) {
		return nil
	}
	return &conflict{kind: Race, epoch: c.writeEpoch, thread: c.writer, line: c.writeLine}
}

// beforeRead says that somebody's read is not known to come before a write of this
// lane.
func (w *warp) beforeRead(c *cell, lane int) bool {
	b := w.block
	switch {
	case c.readWarp == severalBlocks:
		return true
	case c.readEpoch != b.epoch:
		return !b.owns(c.readEpoch)
	case c.readWarp != uint16(w.index):
		return true
	}
	for l := range lanes {
		if c.readLanes>>l&1 == 1 && l != lane && !w.ordered(lane, l, c.readTick) {
			c.reader = uint16(w.index*lanes + l)
			return true
		}
	}
	return false
}

// ordered says that what lane other did at a tick comes before what this lane does.
func (w *warp) ordered(lane, other int, tick uint32) bool {
	return w.met > tick || w.known != nil && w.known[lane][other] > tick
}

// meet lets lanes of the warp know what the others of them know.
func (w *warp) meet(mask uint32) {
	w.tick++
	if mask == w.lanes {
		w.met = w.tick
		return
	}
	if w.known == nil {
		w.known = new([lanes][lanes]uint32)
	}
	var all [lanes]uint32
	for l := range lanes {
		if mask>>l&1 == 1 {
			for other, tick := range w.known[l] {
				all[other] = max(all[other], tick)
			}
		}
	}
	for l := range lanes {
		if mask>>l&1 == 1 {
			all[l] = w.tick
		}
	}
	for l := range lanes {
		if mask>>l&1 == 1 {
			w.known[l] = all
		}
	}
}
