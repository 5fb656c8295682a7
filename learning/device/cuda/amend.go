//go:build nvidia && linux && cgo && (amd64 || arm64)

package cuda

// Amend replaces the argument of the kernel queued last, while it is in the list and
// nothing follows it; package kernels calls it.
func (d *Device) Amend(params []uint64) bool {
	n := len(d.list.commands)
	if n == 0 {
		return false
	}
	c := &d.list.commands[n-1]
	if c.action != launchKernel || c.n != len(params) {
		return false
	}
	copy(d.list.words[c.first:c.first+c.n], params)
	return true
}
