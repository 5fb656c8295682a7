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

// Elites: see device.Sampler.
func (m *Math) Elites(k int, x, weights device.Buffer) {
	long("Elites", weights, x.Len)
	if k < 1 || k > x.Len {
		panic(fmt.Sprintf("kernels: %d elites of %d", k, x.Len))
	}
	launch(m, elites, line(1), line(blockThreads), weighParams{x: start(x), weights: start(weights), n: int32(x.Len), k: int32(k)})
}

// Softmax: see device.Sampler.
func (m *Math) Softmax(gamma float32, x, weights device.Buffer) {
	long("Softmax", weights, x.Len)
	if x.Len > 0 {
		launch(m, softmax, line(1), line(blockThreads), weighParams{x: start(x), weights: start(weights), n: int32(x.Len), gamma: gamma})
	}
}

// Fit: see device.Sampler.
func (m *Math) Fit(weights device.Buffer, x device.Mat, floor float32, mean, std device.Buffer) {
	fits("Fit", x)
	long("Fit", weights, x.Rows)
	long("Fit", mean, x.Cols)
	long("Fit", std, x.Cols)
	if x.Cols > 0 {
		launch(m, fit, line(ceil(x.Cols, 32)), line(blockThreads), fitParams{x: viewOf(x), weights: start(weights), mean: start(mean),
			std: start(std), rows: int32(x.Rows), cols: int32(x.Cols), floor: floor})
	}
}
