// Package nvrtc compiles CUDA C to PTX by NVIDIA's run-time compiler, over
// gorgonia.org/cu/nvrtc. The library is opened when it is asked for, by the
// trampolines of package driver: it needs neither a card nor a driver.
package nvrtc
