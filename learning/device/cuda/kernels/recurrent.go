package kernels

import "github.com/latco-studio/latco/learning/device"

// cells checks a kernel of the GRU over n×u, and gives its grid; false where there
// is nothing to do.
func cells(kernel string, h device.Mat, gates, states []device.Mat) (grid, block Dim, some bool) {
	shaped(kernel, h.Rows, 3*h.Cols, gates...)
	shaped(kernel, h.Rows, h.Cols, states...)
	grid, block = rowsGrid(h.Rows, h.Cols)
	return grid, block, h.Rows > 0 && h.Cols > 0
}

// GRU: see device.Recurrent.
func (m *Math) GRU(gx, gh, h, next, gates device.Mat) {
	grid, block, some := cells("GRU", h, []device.Mat{gx, gh, gates}, []device.Mat{h, next})
	if some {
		launch(m, gru, grid, block, gruParams{viewOf(gx), viewOf(gh), viewOf(h), viewOf(next), viewOf(gates), int32(h.Rows), int32(h.Cols)})
	}
}

// GRUBackward: see device.Recurrent.
func (m *Math) GRUBackward(gates, gh, h, dnext, dgx, dgh, dh device.Mat) {
	grid, block, some := cells("GRUBackward", h, []device.Mat{gates, gh, dgx, dgh}, []device.Mat{h, dnext, dh})
	if some {
		launch(m, gruBackward, grid, block, gruBackwardParams{viewOf(gates), viewOf(gh), viewOf(h), viewOf(dnext),
			viewOf(dgx), viewOf(dgh), viewOf(dh), int32(h.Rows), int32(h.Cols)})
	}
}

// GRUGates: see device.Recurrent.
func (m *Math) GRUGates(gx, gh, h, gates, reset device.Mat) {
	shaped("GRUGates", h.Rows, 2*h.Cols, gh)
	grid, block, some := cells("GRUGates", h, []device.Mat{gx, gates}, []device.Mat{h, reset})
	if some {
		launch(m, gruGates, grid, block, gruGatesParams{viewOf(gx), viewOf(gh), viewOf(h), viewOf(gates), viewOf(reset), int32(h.Rows), int32(h.Cols)})
	}
}

// GRUBlend: see device.Recurrent.
func (m *Math) GRUBlend(gx, gn, h, next, gates device.Mat) {
	grid, block, some := cells("GRUBlend", h, []device.Mat{gx, gates}, []device.Mat{gn, h, next})
	if some {
		launch(m, gruBlend, grid, block, gruBlendParams{viewOf(gx), viewOf(gn), viewOf(h), viewOf(next), viewOf(gates), int32(h.Rows), int32(h.Cols)})
	}
}

// GRUBlendBackward: see device.Recurrent.
func (m *Math) GRUBlendBackward(gates, h, dnext, dgx, dh device.Mat) {
	grid, block, some := cells("GRUBlendBackward", h, []device.Mat{gates, dgx}, []device.Mat{h, dnext, dh})
	if some {
		launch(m, gruBlendBackward, grid, block, gruBlendBackwardParams{viewOf(gates), viewOf(h), viewOf(dnext), viewOf(dgx), viewOf(dh), int32(h.Rows), int32(h.Cols)})
	}
}

// GRUGatesBackward: see device.Recurrent.
func (m *Math) GRUGatesBackward(gates, h, dreset, dgx, dh device.Mat) {
	grid, block, some := cells("GRUGatesBackward", h, []device.Mat{gates, dgx}, []device.Mat{h, dreset, dh})
	if some {
		launch(m, gruGatesBackward, grid, block, gruGatesBackwardParams{viewOf(gates), viewOf(h), viewOf(dreset), viewOf(dgx), viewOf(dh), int32(h.Rows), int32(h.Cols)})
	}
}
