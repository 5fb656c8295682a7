//go:build !cgo || !linux || purego

// Package openblas lets gonum's float64 linear algebra run on OpenBLAS, where it
// is part of the build.
package openblas

import "errors"

// Use says that this build has no OpenBLAS.
func Use() error { return errors.New("this build has no OpenBLAS") }
