package ptx

import (
	"fmt"
	"math/rand"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
)

// Machine executes kernels, one launch at a time, in an order of blocks, warps and
// lanes that its seed decides. It belongs to one goroutine.
type Machine struct {
	program  *Program
	memory   memory
	chance   *rand.Rand
	epoch    uint32 // the last given to a block
	launches uint64
	// Instructions counts what threads executed.
	Instructions int64
	// Limit is how many instructions the warps of a launch may execute, about; 0: as
	// many as no launch of a test needs. More are a Fault, Endless.
	Limit int64
}

// NewMachine makes a machine without memory.
func NewMachine(p *Program, seed int64) *Machine {
	return &Machine{program: p, chance: rand.New(rand.NewSource(seed)), epoch: hostEpoch}
}

// Alloc gives n bytes. Written says that they count as written: zeros.
func (m *Machine) Alloc(n int, written bool) uint64 { return m.memory.alloc(n, written).base }

// Free ends an allocation; its addresses are given to nobody else.
func (m *Machine) Free(address uint64) {
	if a := m.memory.find(address); a != nil {
		m.memory.free(a)
	}
}

// launch is a kernel on a grid.
type launch struct {
	m           *Machine
	k           *kernel
	grid, block kernels.Dim
	shared      layoutOf
	argument    []uint64
	first       uint32   // epoch
	owners      []uint32 // the block of every epoch since
	left        int64    // instructions until it counts as endless
	number      uint64
}

// layoutOf is the kernel's shared memory with what this launch adds.
type layoutOf struct {
	layout
	bytes int64 // of the dynamic variable
}

const (
	mostThreads = 1024
	mostShared  = 99 << 10 // of the least of the cards that have tensor cores
	// Two blocks at once show what blocks do to each other.
	resident = 2
	// No launch of a test is longer.
	mostInstructions = 1_000_000_000
)

// Launch runs a kernel to its end. The error is a *Fault.
func (m *Machine) Launch(name string, grid, block kernels.Dim, shared int, argument []uint64) error {
	k := m.program.kernels[name]
	l := &launch{m: m, k: k, grid: grid, block: block, argument: argument, first: m.epoch + 1, left: m.Limit}
	if m.Limit == 0 {
		l.left = mostInstructions
	}
	m.launches++
	l.number = m.launches
	if why := l.refused(shared); why != "" {
		return &Fault{Kind: BadLaunch, Kernel: name, Detail: why}
	}
	l.shared = layoutOf{k.shared, int64(shared)}
	if d := k.shared.dynamic; d >= 0 && shared > 0 {
		l.shared.owner = append([]int16(nil), k.shared.owner...)
		at := k.shared.offsets[k.shared.variables[d].name]
		for int64(len(l.shared.owner)) < (at+int64(shared))/4 {
			l.shared.owner = append(l.shared.owner, -1)
		}
		for i := at / 4; i < (at+int64(shared))/4; i++ {
			l.shared.owner[i] = int16(d)
		}
	}
	for _, word := range argument {
		if a := m.memory.find(word); a != nil {
			a.given = l.number
		}
	}
	if f := l.run(); f != nil {
		f.Kernel = name
		return f
	}
	return nil
}

// refused says why a driver would not launch this.
func (l *launch) refused(shared int) string {
	n := uint64(l.block.X) * uint64(l.block.Y) * uint64(l.block.Z)
	switch {
	case l.k == nil:
		return "there is no such kernel"
	case l.grid.X == 0 || l.grid.Y == 0 || l.grid.Z == 0 || l.grid.X > 1<<31-1 || l.grid.Y > 65535 || l.grid.Z > 65535:
		return fmt.Sprintf("a grid of %v blocks", l.grid)
	case n == 0 || n > mostThreads || l.block.Z > 64:
		return fmt.Sprintf("blocks of %v threads", l.block)
	case l.k.threads > 0 && n > uint64(l.k.threads):
		return fmt.Sprintf("blocks of %d threads of a kernel that is made for %d", n, l.k.threads)
	case int64(len(l.argument))*8 != l.k.argument:
		return fmt.Sprintf("an argument of %d bytes for a parameter of %d", len(l.argument)*8, l.k.argument)
	case shared < 0 || l.k.shared.static+int64(shared) > mostShared:
		return fmt.Sprintf("%d bytes of shared memory, more than %d", l.k.shared.static+int64(shared), mostShared)
	}
	return ""
}

// run lets the blocks run, a few at once.
func (l *launch) run() *Fault {
	order := l.m.chance.Perm(int(l.grid.X) * int(l.grid.Y) * int(l.grid.Z))
	var running []*block
	for range min(resident, len(order)) {
		b := newBlock(l)
		b.begin(uint32(order[0]))
		running, order = append(running, b), order[1:]
	}
	for len(running) > 0 {
		i := l.m.chance.Intn(len(running))
		b := running[i]
		if f := b.step(); f != nil {
			return f
		}
		switch {
		case !b.done():
		case len(order) > 0:
			b.begin(uint32(order[0]))
			order = order[1:]
		default:
			running = append(running[:i], running[i+1:]...)
		}
	}
	return nil
}

// begin gives a block its next epoch.
func (l *launch) begin(block uint32) uint32 {
	l.m.epoch++
	l.owners = append(l.owners, block)
	return l.m.epoch
}

func unrank(i uint32, d kernels.Dim) kernels.Dim {
	return kernels.Dim{X: i % d.X, Y: i / d.X % d.Y, Z: i / d.X / d.Y}
}
