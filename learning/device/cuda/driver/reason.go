package driver

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// NoDriverError says why there is no working driver.
type NoDriverError struct {
	Reason string
	Code   int // of cuInit, 0 if it was not reached
}

func (e *NoDriverError) Error() string {
	if e.Code == 0 {
		return "no NVIDIA driver: " + e.Reason
	}
	return "the NVIDIA driver does not start: " + e.Reason
}

// Codes of cuInit.
const (
	noDevice       = 100
	driverMismatch = 803
)

var moduleVersion = regexp.MustCompile(`\b\d+\.\d+(\.\d+)?\b`)

// module is the version of NVIDIA's kernel module, such as "535.261.03", "" if none
// is loaded.
func module(system fs.FS) string {
	text, err := fs.ReadFile(system, "proc/driver/nvidia/version")
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if v := moduleVersion.FindString(line); v != "" {
		return v
	}
	return "of an unknown version"
}

// missing adds to dlopen's words what the system knows of a driver.
func missing(said string, system fs.FS) string {
	if v := module(system); v != "" {
		return fmt.Sprintf("the kernel module %s is loaded, its library is not installed (package libcuda1): %s", v, said)
	}
	return said
}

// explain says why cuInit failed, after what the driver says of its code: serves is
// the CUDA version of the library.
func explain(code int, said string, serves int, system fs.FS) string {
	library := "its library"
	if serves > 0 {
		library += fmt.Sprintf(" (for CUDA %d.%d)", serves/1000, serves%1000/10)
	}
	text := fmt.Sprintf("%s is there, but: %s (error %d)", library, said, code)
	loaded := module(system)
	switch {
	case code == driverMismatch && loaded != "":
		return fmt.Sprintf("%s; the kernel module is %s, restart the machine after an update", text, loaded)
	case code != noDevice:
		return text
	case loaded != "" && !exists(system, "dev/nvidia[0-9]*"):
		return fmt.Sprintf("%s; the kernel module %s is loaded, but there is no /dev/nvidia0: a container has to be given the card", text, loaded)
	case loaded == "" && !exists(system, "dev/dxg"): // Windows' way to a card
		return text + "; NVIDIA's kernel module is not loaded"
	}
	return text
}

func exists(system fs.FS, pattern string) bool {
	found, err := fs.Glob(system, pattern)
	return err == nil && len(found) > 0
}
