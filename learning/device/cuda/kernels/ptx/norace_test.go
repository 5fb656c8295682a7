//go:build !race

package ptx_test

const slow = false
