package kernels

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Module is a file of PTX and how it is made.
type Module struct {
	PTX, Source string // files of this folder
	Compute     int    // the oldest compute capability it is for, such as 70
	TF32        bool   // products in TF32 alone need it
}

// Sources are the modules. Every family of kernels has its own, so that a change of
// one leaves the others' PTX as it is.
var Sources = []Module{
	{PTX: "kernels.ptx", Source: "all.cu", Compute: Oldest},
	{PTX: "tensor.ptx", Source: "tensor.cu", Compute: OldestTF32, TF32: true},
	{PTX: "chain.ptx", Source: "chain.cu", Compute: Oldest},
	{PTX: "scan.ptx", Source: "scan.cu", Compute: Oldest},
	{PTX: "layernorm.ptx", Source: "layernorm.cu", Compute: Oldest},
}

// Options are those of the compiler.
func (m Module) Options() []string {
	return []string{fmt.Sprintf("--gpu-architecture=compute_%d", m.Compute), "-I.", "-default-device"}
}

// Header begins a module's PTX: of which sources and by which compiler it was made.
func (m Module) Header(hash string, major, minor int) string {
	return fmt.Sprintf("// Made by make kernels; do not edit.\n// sources %s\n// nvrtc %d.%d compute_%d\n", hash, major, minor, m.Compute)
}

// Stamp is the file with the hash of the sources that the emulation was compiled of.
func (m Module) Stamp() string {
	return "kernelstest/" + strings.TrimSuffix(m.Source, ".cu") + "_sources.h"
}

var include = regexp.MustCompile(`(?m)^#include "([^"/]+)"`)

// Hash is that of a module's source in dir and of all it includes there.
func (m Module) Hash(dir string) (string, error) {
	hash := sha256.New()
	files := []string{m.Source}
	for i := 0; i < len(files); i++ {
		text, err := os.ReadFile(filepath.Join(dir, files[i]))
		if err != nil {
			return "", fmt.Errorf("hashing the kernels' sources: %w", err)
		}
		fmt.Fprintf(hash, "%s %d\n", files[i], len(text))
		hash.Write(text)
		for _, name := range include.FindAllSubmatch(text, -1) {
			if file := string(name[1]); !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return fmt.Sprintf("%x", hash.Sum(nil)), nil
}
