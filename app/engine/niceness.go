package engine

// niceness is how readily a goroutine's thread gives way: the window, the scene
// and its pictures come first, then plans, then training.
type niceness int

const (
	whilePlanning niceness = 10
	whileTraining niceness = 15
)
