package cpu

import "fmt"

// MissingError says that oneDNN could not be opened.
type MissingError struct {
	Reason string // of the system's loader
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("cannot open oneDNN: %s; install it (Debian 12: apt-get install libdnnl2)", e.Reason)
}
