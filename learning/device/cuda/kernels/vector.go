package kernels

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// Fill: see device.Memory.
func (m *Math) Fill(dst device.Buffer, v float32) {
	if dst.Len > 0 {
		launch(m, fill, line(vectorBlocks(dst.Len)), line(blockThreads), fillParams{x: start(dst), n: int64(dst.Len), value: v})
	}
}

// Axpy: see device.Memory.
func (m *Math) Axpy(alpha float32, x, y device.Buffer) {
	long("Axpy", x, y.Len)
	if x.Len > 0 {
		launch(m, axpy, line(vectorBlocks(x.Len)), line(blockThreads), axpyParams{x: start(x), y: start(y), n: int64(x.Len), alpha: alpha})
	}
}

// Scale: see device.Step.
func (m *Math) Scale(by, x device.Buffer) {
	long("Scale", by, 1)
	if x.Len > 0 {
		launch(m, scale, line(vectorBlocks(x.Len)), line(blockThreads), scaleParams{start(by), start(x), int64(x.Len)})
	}
}

// Pixels is dst = src/255 − ½, src bytes in the device's memory.
func (m *Math) Pixels(dst device.Buffer, src uintptr) {
	if dst.Len > 0 {
		launch(m, pixels, line(vectorBlocks(dst.Len)), line(blockThreads), levelsParams{pixels: uint64(src), out: start(dst), n: int64(dst.Len)})
	}
}

// Levels is dst = (⌊src/2^(8−bits)⌋ + u)/2^bits − ½ with u as UploadLevels has it,
// src bytes in the device's memory.
func (m *Math) Levels(dst device.Buffer, src uintptr, bits int, seed uint64) {
	if bits < 1 || bits > 8 {
		panic(fmt.Sprintf("kernels: Levels of %d bits", bits))
	}
	if dst.Len > 0 {
		launch(m, levels, line(vectorBlocks(dst.Len)), line(blockThreads),
			levelsParams{pixels: uint64(src), out: start(dst), n: int64(dst.Len), seed: seed, bits: int32(bits)})
	}
}
