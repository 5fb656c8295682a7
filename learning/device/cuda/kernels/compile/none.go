//go:build !nvidia || !linux || !cgo || !(amd64 || arm64)

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "compile: kernels are compiled under Linux by a program built with CUDA's headers and the tag nvidia: run `make kernels`")
	os.Exit(1)
}
