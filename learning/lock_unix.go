//go:build unix

package learning

import (
	"errors"
	"os"
	"syscall"
)

// lockFile takes the lock on an open file, or returns errLocked at once.
func lockFile(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errLocked
	}
	return err
}
