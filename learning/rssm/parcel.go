package rssm

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// parcel is arrays that cross to the device, or back, in one copy.
type parcel struct {
	whole device.Buffer
	host  []float32
	first []int // of every array, and behind the last
	sizes []int
}

// parcelAlign is what arrays begin at multiples of, in numbers: kernels read quads.
const parcelAlign = 64

func (a *arena) parcel(sizes ...int) parcel {
	p := parcel{sizes: sizes, first: make([]int, len(sizes)+1)}
	for i, n := range sizes {
		p.first[i+1] = (p.first[i] + n + parcelAlign - 1) / parcelAlign * parcelAlign
	}
	n := p.first[len(sizes)]
	p.whole, p.host = a.buffer(n), make([]float32, n)
	return p
}

// part is array i on the device.
func (p *parcel) part(i int) device.Buffer {
	if p.whole.Len == 0 { // there was no room
		return device.Buffer{}
	}
	return p.whole.Slice(p.first[i], p.first[i]+p.sizes[i])
}

// put fills the host's array i.
func (p *parcel) put(i int, v []float64) {
	dst := p.host[p.first[i]:][:len(v)]
	for j, x := range v {
		dst[j] = float32(x)
	}
}

// get reads the host's array i.
func (p *parcel) get(i int, v []float64) {
	for j, x := range p.host[p.first[i]:][:len(v)] {
		v[j] = float64(x)
	}
}

func (p *parcel) send(dev device.Device) error {
	if err := dev.Upload(p.whole, p.host); err != nil {
		return fmt.Errorf("world model, collocation: %w", err)
	}
	return nil
}

// receive waits for what was queued before.
func (p *parcel) receive(dev device.Device) error {
	if err := dev.Download(p.host, p.whole); err != nil {
		return fmt.Errorf("world model, collocation: %w", err)
	}
	return nil
}
