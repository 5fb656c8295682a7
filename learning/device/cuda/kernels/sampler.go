package kernels

import (
	"fmt"

	"github.com/latco-studio/latco/learning/device"
)

// Normals: see device.Sampler.
func (m *Math) Normals(seed, stream uint64, row int, dst device.Mat) {
	fits("Normals", dst)
	if dst.Rows == 0 || dst.Cols == 0 {
		return
	}
	launch(m, streamNormals, line(min(ceil(dst.Rows*dst.Cols, 4*blockThreads)+1, 4096)), line(blockThreads),
		streamNormalsParams{viewOf(dst), seed, stream, uint64(row) * uint64(dst.Cols), int32(dst.Rows), int32(dst.Cols)})
}

// Perturb: see device.Sampler.
func (m *Math) Perturb(mean, std device.Buffer, x device.Mat) {
	fits("Perturb", x)
	long("Perturb", mean, x.Cols)
	long("Perturb", std, x.Cols)
	if x.Rows == 0 || x.Cols == 0 {
		return
	}
	grid, block := rowsGrid(x.Rows, x.Cols)
	launch(m, perturb, grid, block, perturbParams{viewOf(x), start(mean), start(std), int32(x.Rows), int32(x.Cols)})
}

// weighThreads is the one block that weighs, WIDE of search.cu.
const weighThreads = 1024

// Elites: see device.Sampler.
func (m *Math) Elites(k int, x, weights device.Buffer) {
	long("Elites", weights, x.Len)
	if k < 1 || k > x.Len {
		panic(fmt.Sprintf("kernels: %d elites of %d", k, x.Len))
	}
	launch(m, elites, line(1), line(weighThreads), weighParams{x: start(x), weights: start(weights), n: int32(x.Len), k: int32(k)})
}

// Softmax: see device.Sampler.
func (m *Math) Softmax(gamma float32, x, weights device.Buffer) {
	long("Softmax", weights, x.Len)
	if x.Len > 0 {
		launch(m, softmax, line(1), line(weighThreads), weighParams{x: start(x), weights: start(weights), n: int32(x.Len), gamma: gamma})
	}
}

// Fit: see device.Sampler.
func (m *Math) Fit(weights device.Buffer, x device.Mat, floor float32, mean, std device.Buffer) {
	fits("Fit", x)
	long("Fit", weights, x.Rows)
	long("Fit", mean, x.Cols)
	long("Fit", std, x.Cols)
	if x.Cols == 0 {
		return
	}
	// At least 8 rows a warp, and parts few enough to be added at once.
	each := max(64, ceil(x.Rows, 128))
	parts := max(1, ceil(x.Rows, each))
	sums := uint64(m.Stream.Scratch(4 * parts * x.Cols))
	p := fitParams{x: viewOf(x), weights: start(weights), mean: start(mean), std: start(std),
		sums: sums, squares: sums + 8*uint64(parts*x.Cols), rows: int32(x.Rows), cols: int32(x.Cols),
		each: int32(each), parts: int32(parts), floor: floor}
	across := ceil(x.Cols, 32)
	launch(m, fitSums, Dim{uint32(across), uint32(parts), 1}, line(blockThreads), p)
	launch(m, fitSquares, Dim{uint32(across), uint32(parts), 1}, line(blockThreads), p)
	launch(m, fit, line(across), line(blockThreads), p)
}
