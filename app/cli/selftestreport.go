package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
)

// report goes to the screen as it grows, and becomes a file.
type report struct {
	screen io.Writer

	mu   sync.Mutex
	text bytes.Buffer
}

// Write is safe for several goroutines.
func (r *report) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.text.Write(p)
	return r.screen.Write(p)
}

// mayWrite says why a report could not be saved as name. What is there stays.
func mayWrite(name string) error {
	_, missing := os.Stat(name)
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("-out: the report could not be written: %w", err)
	}
	err = f.Close()
	if missing != nil {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// save writes the file, and says where it is.
func (r *report) save(name string, said io.Writer) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := os.WriteFile(name, r.text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	fmt.Fprintf(said, "latco: selftest: the report is in %s\n", name)
	return nil
}
