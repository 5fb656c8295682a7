//go:build nvidia && linux && cgo && (amd64 || arm64)

// Compile makes the PTX of package kernels anew. Run it in that package's folder;
// -nvrtc names a library that the system does not find.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/latco-studio/latco/learning/device/cuda/kernels"
	"github.com/latco-studio/latco/learning/device/cuda/kernels/nvrtc"
)

// newest is the version of nvrtc, as 10·major + minor, whose PTX every driver reads
// that the program runs with.
const newest = 120

func main() {
	path := flag.String("nvrtc", os.Getenv("NVRTC"), "path of libnvrtc; its libnvrtc-builtins lies beside it")
	flag.Parse()
	if err := compile(*path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// How to get a compiler.
const remedy = "nvrtc 11.8 to 12.0 is needed (Debian: libnvrtc11.2; pip: nvidia-cuda-nvrtc-cu11==11.8.89); NVRTC=/path/to/libnvrtc.so.11.2 names one"

func compile(path string) error {
	compiler, missing := nvrtc.Open(path)
	if missing != nil {
		missing = fmt.Errorf("%w; %s", missing, remedy)
	} else if 10*compiler.Major+compiler.Minor > newest {
		missing = fmt.Errorf("nvrtc %d.%d writes PTX that driver 525 does not read: %s", compiler.Major, compiler.Minor, remedy)
	}
	for _, m := range kernels.Sources {
		hash, err := m.Hash(".")
		if err != nil {
			return err
		}
		// The emulation's C is compiled when this file changes.
		stamp := fmt.Sprintf("// The sources compiled into the emulation: %s\n", hash)
		if have, err := os.ReadFile(m.Stamp()); err != nil || string(have) != stamp {
			if err := os.WriteFile(m.Stamp(), []byte(stamp), 0o644); err != nil {
				return err
			}
		}
		if missing != nil {
			continue
		}
		if err := module(compiler, m, hash); err != nil {
			return err
		}
	}
	return missing
}

// module compiles m unless its PTX is what that would make.
func module(compiler *nvrtc.Compiler, m kernels.Module, hash string) error {
	header := m.Header(hash, compiler.Major, compiler.Minor)
	if have, err := os.ReadFile(m.PTX); err == nil && strings.HasPrefix(string(have), header) {
		fmt.Printf("%s: as its sources\n", m.PTX)
		return nil
	}
	text, err := os.ReadFile(m.Source)
	if err != nil {
		return err
	}
	ptx, err := compiler.Compile(string(text), m.Source, m.Options()...)
	if err != nil {
		return err
	}
	if err := os.WriteFile(m.PTX, []byte(header+ptx), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d kB, nvrtc %d.%d\n", m.PTX, len(ptx)/1000, compiler.Major, compiler.Minor)
	return nil
}
