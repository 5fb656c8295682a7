package kernels

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Module is a file of PTX and how it is made.
type Module struct {
	PTX, Source string // files of this folder
	Arch        string // such as compute_70
}

// Sources are the modules, in the order of Modules.
var Sources = []Module{
	{PTX: "kernels.ptx", Source: "all.cu", Arch: "compute_70"},
	{PTX: "tensor.ptx", Source: "tensor.cu", Arch: "compute_80"},
}

// Options are those of the compiler.
func (m Module) Options() []string {
	return []string{"--gpu-architecture=" + m.Arch, "-I.", "-default-device"}
}

// Header begins a module's PTX: of which sources and by which compiler it was made.
func (m Module) Header(hash string, major, minor int) string {
	return fmt.Sprintf("// Made by make kernels; do not edit.\n// sources %s\n// nvrtc %d.%d %s\n", hash, major, minor, m.Arch)
}

// Hash is that of all sources in a folder.
func Hash(dir string) (string, error) {
	var files []string
	for _, pattern := range []string{"*.cu", "*.cuh", "*.h"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return "", err
		}
		files = append(files, found...)
	}
	slices.Sort(files)
	hash := sha256.New()
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return "", fmt.Errorf("hashing the kernels' sources: %w", err)
		}
		fmt.Fprintf(hash, "%s %d\n", filepath.Base(f), len(text))
		hash.Write(text)
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), nil
}
