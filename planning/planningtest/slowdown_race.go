//go:build race

package planningtest

// slowdown stretches time limits where code is instrumented.
const slowdown = 10
