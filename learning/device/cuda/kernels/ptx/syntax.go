package ptx

// form is how an operand is written.
type form uint8

const (
	formName    form = iota // a register or a symbol
	formInteger             // value
	formSingle              // value: the bits of a float32
	formDouble              // value: the bits of a float64
	formVector              // {list}
	formAddress             // [name+value] or [value]
	formPair                // list: r|p
)

// operand is one of a statement's.
type operand struct {
	form  form
	name  string
	not   bool // !name
	value int64
	list  []operand
}

// statement is an instruction: @guard op operands.
type statement struct {
	line     int
	op       string
	guard    string // a predicate, or ""
	unless   bool   // @!guard
	operands []operand
}

// variable lies in shared memory. A size of −1 is the launch's.
type variable struct {
	name        string
	align, size int64
}

// function is a kernel as written.
type function struct {
	name       string
	line       int
	param      variable // its one argument
	threads    int64    // most a block, 0 for any
	registers  map[string]registers
	shared     []variable
	labels     map[string]int // to the statement that follows
	statements []statement
}

// registers are those of one declaration: name<count>, or one where count is −1.
type registers struct {
	kind  string // .pred, .f32, …
	count int64
}

// module is one text of PTX.
type module struct {
	target    string
	shared    []variable // that any function may use
	functions []*function
}
