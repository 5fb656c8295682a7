//go:build nvidia && linux && cgo && (amd64 || arm64)

package nvrtc

import (
	"errors"
	"fmt"
	"strings"

	"gorgonia.org/cu/nvrtc"

	"github.com/latco-studio/latco/learning/device/cuda/driver"
)

// names are where a library may be found, in the order of preference: PTX of the
// oldest is understood by the most drivers.
var names = []string{"libnvrtc.so.11.2", "libnvrtc.so.12", "libnvrtc.so.13", "libnvrtc.so"}

// Compiler is an opened nvrtc.
type Compiler struct{ Major, Minor int }

// Open opens the library at path, or the first that the system has.
func Open(path string) (*Compiler, error) {
	tried := names
	if path != "" {
		tried = []string{path}
	}
	name, err := driver.OpenNVRTC(tried)
	if err != nil {
		return nil, err
	}
	c := &Compiler{}
	if c.Major, c.Minor, err = nvrtc.Version(); err != nil {
		return nil, fmt.Errorf("asking %s for its version: %w", name, err)
	}
	return c, nil
}

// Compile makes PTX of a source called name. An error has the compiler's messages.
func (*Compiler) Compile(source, name string, options ...string) (_ string, err error) {
	p, err := nvrtc.CreateProgram(source, name)
	if err != nil {
		return "", fmt.Errorf("compiling %s: %w", name, err)
	}
	defer func() { err = errors.Join(err, p.Destroy()) }()
	if err := p.Compile(options...); err != nil {
		said, _ := p.GetLog()
		return "", fmt.Errorf("compiling %s: %w\n%s", name, err, text(said))
	}
	ptx, err := p.GetPTX()
	if err != nil {
		return "", fmt.Errorf("compiling %s: %w", name, err)
	}
	return text(ptx), nil
}

// text is a C string without its end, which cu counts as part of it.
func text(s string) string { return strings.TrimRight(s, "\x00") }
