package ptx

// A warp is 32 lanes; a register of a warp is a row of 32 values, of which a
// lane has one. Registers of 32 bits keep their upper half 0.
const lanes = 32

type row [lanes]uint64

// kind says what executes an instruction.
type kind uint8

const (
	kindArithmetic kind = iota // run
	kindCompare                // compare
	kindSelect                 // d = p ? a : b
	kindLogic                  // predicates: logic
	kindPack                   // a register of halves
	kindUnpack                 // halves of a register
	kindLoad
	kindStore
	kindBranch
	kindExit
	kindTrap
	kindBarrier // of the block: bar.sync
	kindMeet    // of the warp: bar.warp.sync
	kindShuffle
	kindTensor // mma
)

// space is a state space of PTX.
type space uint8

const (
	spaceParam space = iota
	spaceGlobal
	spaceShared
	spaceGeneric // global memory, or shared in its window
)

// window is where shared memory begins among generic addresses.
const window = 1 << 60

// instruction is one in compact form: operands are numbers of rows and of
// predicates.
type instruction struct {
	kind       kind
	space      space
	unless     bool    // the guard is negated
	negate     [2]bool // predicates that come in are negated
	constant   bool    // ld.global.nc: of what the launch does not write
	width      uint8   // bytes of a number in memory
	count      uint8   // of a vector
	shuffle    shuffle
	guard      int32 // a predicate, or −1
	target     int32 // of a branch: an instruction
	line       int32 // of the text
	d, a, b, c int32 // rows: out[0], in[0], in[1], in[2]
	p, q, r    int32 // predicates: p comes out, q and r come in; −1: none
	offset     int64
	out, in    []int32 // all rows
	run        func(d, a, b, c *row)
	compare    func(a, b *row) uint32
	logic      func(a, b uint32) uint32
}

// kernel is a function ready to run. It does not change: any number of machines
// may run it.
type kernel struct {
	name             string
	argument         int64 // bytes
	threads          int64 // most a block, 0 for any
	code             []instruction
	rows, predicates int
	constants        []constant
	specials         []special
	shared           layout
}

// constant is a row that has one value in all lanes.
type constant struct {
	row   int32
	value uint64
}

// special is a row with a special register.
type special struct {
	row   int32
	which specialName
}

type specialName uint8

const (
	tidX specialName = iota
	tidY
	tidZ
	ntidX
	ntidY
	ntidZ
	ctaidX
	ctaidY
	ctaidZ
	nctaidX
	nctaidY
	nctaidZ
	laneid
)

var specialNames = map[string]specialName{
	"%tid.x": tidX, "%tid.y": tidY, "%tid.z": tidZ, "%ntid.x": ntidX, "%ntid.y": ntidY, "%ntid.z": ntidZ,
	"%ctaid.x": ctaidX, "%ctaid.y": ctaidY, "%ctaid.z": ctaidZ, "%nctaid.x": nctaidX, "%nctaid.y": nctaidY, "%nctaid.z": nctaidZ,
	"%laneid": laneid,
}

// Program is PTX ready to run. It does not change.
type Program struct {
	kernels map[string]*kernel
	opcodes map[string]int
}

// Opcodes counts how often the text has every opcode.
func (p *Program) Opcodes() map[string]int { return p.opcodes }
