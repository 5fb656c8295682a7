package rssm

// ahead is a batch whose images are sent to the device while it computes the step
// before.
type ahead struct {
	next   func() *Batch
	staged *Batch
	noise  []byte // position of the noise generator before it was staged
}

// Ahead tells the next Update where the batch after its own is to be had. next is
// called once, when the device has its work; it may wait, or return nil for none.
// What it returns must stay as it is until it is trained on or another batch is.
func (t *Trainer) Ahead(next func() *Batch) { t.ahead.next = next }

// stage sends the images of the next batch. They lie in wait for the device to be
// done with those of the present one.
func (t *Trainer) stage() error {
	next := t.ahead.next
	t.ahead.next = nil
	if next == nil {
		return nil
	}
	b := next()
	if b == nil || b.B != t.graph.b || b.T != t.graph.t || b.check(t.actionDim) != nil {
		return nil // Update will say what is wrong with it
	}
	noise, err := t.noise.state()
	if err != nil {
		return err
	}
	if err := t.uploadImages(b); err != nil {
		return err
	}
	t.ahead.staged, t.ahead.noise = b, noise
	return nil
}

// isStaged says whether b's images are on the device. If others are, the noise goes
// back to where it was.
func (t *Trainer) isStaged(b *Batch) (bool, error) {
	staged := t.ahead.staged
	t.ahead.staged = nil
	if staged == b || staged == nil {
		return staged != nil, nil
	}
	return false, t.noise.restore(t.ahead.noise)
}

// position is where the noise generator of the next Update is.
func (t *Trainer) position() ([]byte, error) {
	if t.ahead.staged != nil {
		return t.ahead.noise, nil
	}
	return t.noise.state()
}
