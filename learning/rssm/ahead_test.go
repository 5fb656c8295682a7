package rssm

import (
	"testing"

	"github.com/latco-studio/latco/learning/device"
)

// Sending batches ahead changes no number: neither of the steps, nor of a run that
// is resumed in between, nor where another batch comes than was announced.
func TestAheadChangesNothing(t *testing.T) {
	c := tiny()
	c.ImageBits = 5 // the images take of the noise too
	withDevices(t, func(t *testing.T, dev device.Device) {
		p, err := NewParams(c, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		open := func() *Trainer {
			tr, err := NewTrainer(p, dev, 1)
			if err != nil {
				t.Fatal(err)
			}
			return tr
		}
		var batches []*Batch
		for i := range 6 {
			batches = append(batches, toyBatch(2, 4, int64(i)))
		}
		plain, eager, resumed := open(), open(), open()
		defer plain.Close()
		defer eager.Close()
		defer resumed.Close()
		var want []Losses
		for _, b := range batches {
			want = append(want, update(t, plain, b))
		}
		for i, b := range batches {
			switch {
			case i == 3: // another comes
				eager.Ahead(func() *Batch { return batches[0] })
			case i == 4:
				eager.Ahead(func() *Batch { return nil })
			case i+1 < len(batches):
				eager.Ahead(func() *Batch { return batches[i+1] })
			}
			if got := update(t, eager, b); got != want[i] {
				t.Fatalf("step %d: %+v, without looking ahead %+v", i, got, want[i])
			}
			if i == 1 {
				state, err := eager.State()
				if err != nil {
					t.Fatal(err)
				}
				if err := resumed.Restore(state); err != nil {
					t.Fatal(err)
				}
				if got := update(t, resumed, batches[2]); got != want[2] {
					t.Fatalf("resumed: %+v, want %+v", got, want[2])
				}
			}
		}
	})
}
