package ptx

import (
	"fmt"
	"strings"
)

// shuffle is where shfl.sync takes a lane's value from.
type shuffle uint8

const (
	shuffleXor shuffle = iota // bfly
	shuffleUp
	shuffleDown
	shuffleIndex
)

// everyLane is the mask of a whole warp.
const everyLane = 1<<lanes - 1

// shuffle decodes shfl.sync.mode.b32 d|p, a, b, c, mask.
func (d *decoder) shuffle(s *statement, in instruction) (instruction, error) {
	modes := map[string]shuffle{"shfl.sync.bfly.b32": shuffleXor, "shfl.sync.up.b32": shuffleUp,
		"shfl.sync.down.b32": shuffleDown, "shfl.sync.idx.b32": shuffleIndex}
	mode, ok := modes[s.op]
	if !ok {
		return in, errForm
	}
	if err := count(s, 5); err != nil {
		return in, err
	}
	in.kind, in.shuffle = kindShuffle, mode
	to := s.operands[0]
	var err error
	if to.form == formPair {
		if in.p, err = d.predicate(to.list[1].name); err != nil {
			return in, err
		}
		to = to.list[0]
	}
	if in.out, err = d.registers(to); err != nil {
		return in, err
	}
	in.in, err = d.values(nil, s.operands[1:]...)
	return in, err
}

// meet decodes bar.warp.sync mask.
func (d *decoder) meet(s *statement, in instruction) (instruction, error) {
	err := count(s, 1)
	if s.op != "bar.warp.sync" {
		err = errForm
	}
	if err == nil {
		in.kind = kindMeet
		in.in, err = d.values(nil, s.operands[0])
	}
	return in, err
}

// barrier decodes bar.sync of a whole block.
func (d *decoder) barrier(s *statement, in instruction) (instruction, error) {
	if err := count(s, 1); err != nil {
		return in, fmt.Errorf("barriers of a part of a block are not supported: %w", err)
	}
	o := s.operands[0]
	if s.op != "bar.sync" || o.form != formInteger || o.value < 0 || o.value > 15 {
		return in, errForm
	}
	in.kind, in.offset = kindBarrier, o.value
	return in, nil
}

// tensor decodes mma.sync d (4), a (4), b (2), c (4).
func (d *decoder) tensor(s *statement, in instruction) (instruction, error) {
	if err := count(s, 4); err != nil || strings.HasSuffix(s.op, ".") {
		return in, err
	}
	for i, n := range []int{4, 4, 2, 4} {
		if o := s.operands[i]; o.form != formVector || len(o.list) != n {
			return in, fmt.Errorf("operand %d is no vector of %d", i+1, n)
		}
	}
	in.kind = kindTensor
	var err error
	if in.out, err = d.registers(s.operands[0]); err != nil {
		return in, err
	}
	for _, o := range s.operands[1:] {
		if in.in, err = d.values(in.in, o.list...); err != nil {
			return in, err
		}
	}
	return in, nil
}
