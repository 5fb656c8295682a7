// Package kernels has the CUDA kernels of device.Device, compiled to PTX, and
// Math, which knows for every operation which of them compute it, on which grid
// and with which arguments. README.md has the conventions and the design.
package kernels

import "embed"

//go:generate go run -tags nvidia ./compile

//go:embed *.ptx
var ptx embed.FS

// Modules is the PTX to load on a card of that compute capability: every kernel
// that it can run is in one of them, but those of TF32 only where it is wanted, since
// the driver compiles what is loaded.
func Modules(major, minor int, tf32 bool) []string {
	var list []string
	for _, m := range Sources {
		if m.Compute > 10*major+minor || m.TF32 && !tf32 {
			continue
		}
		text, err := ptx.ReadFile(m.PTX)
		if err != nil {
			panic(err) // it is not embedded
		}
		list = append(list, string(text))
	}
	return list
}

// The oldest compute capabilities that the kernels run on, and that have tensor cores
// for TF32, as 10·major + minor.
const Oldest, OldestTF32 = 70, 80

// Dim is a grid in blocks, or a block in threads.
type Dim struct{ X, Y, Z uint32 }

// Stream is what kernels run on: one queue of a device.
type Stream interface {
	// Launch queues kernel k with shared bytes of dynamic shared memory. params is
	// its argument, read before Launch returns.
	Launch(k Kernel, grid, block Dim, shared int, params []uint64)
	// Scratch is the address of memory for n float32, at a multiple of 256 bytes,
	// that belongs to the operation being queued: the next may get the same.
	Scratch(n int) uintptr
}

// Amender is a Stream that holds launches back for a while.
type Amender interface {
	// Amend replaces the argument of the kernel launched last. False: something was
	// queued after it, or it has gone to the device.
	Amend(params []uint64) bool
}

// Kernel is one of the kernels.
type Kernel uint8

// The kernels. Products come by which factor is transposed and by tile.
const (
	gemmNNLarge Kernel = iota
	gemmNTLarge
	gemmTNLarge
	gemmTTLarge
	gemmNNMedium
	gemmNTMedium
	gemmTNMedium
	gemmTTMedium
	gemmNNSmall
	gemmNTSmall
	gemmTNSmall
	gemmTTSmall
	convPatchesLarge
	convPatchesTall
	convPatchesNarrow
	convWeightsLarge
	convWeightsTall
	convWeightsLittle
	convPixelsLarge
	convPixelsTall
	convPixelsSlim
	products // these again, by tensor cores
)

// The others.
const (
	sumParts = 2*products + iota
	biasAct
	actBackward
	copyRows
	addRows
	mulRows
	colSum
	gru
	gruBackward
	gruGates
	gruBlend
	gruBlendBackward
	gruGatesBackward
	normal
	normalBackward
	divergence
	divergenceBackward
	fill
	axpy
	scale
	pixels
	levels
	squaredError
	sumSquares
	sumDoubles
	tensorSquares
	adam
	streamNormals
	perturb
	elites
	softmax
	fitSums
	fitSquares
	fit
	scanForward
	scanForwardPair
	scanBackward
	scanBackwardPair
	layerNorm
	layerNormBackward
	layerNormSums
	layerNormParts
	chainBlocks
	chainCouplings
	chainRest
	chainPanelShort
	chainPanelLong
	chainSchurMedium
	chainSchurSmall
	chainBack
	chainMiss
	chainForward
	chainFinish
	gruJacobian
	kernelCount
)

var names = [kernelCount]string{
	gemmNNLarge: "gemm_nn_large", gemmNTLarge: "gemm_nt_large", gemmTNLarge: "gemm_tn_large", gemmTTLarge: "gemm_tt_large",
	gemmNNMedium: "gemm_nn_medium", gemmNTMedium: "gemm_nt_medium", gemmTNMedium: "gemm_tn_medium", gemmTTMedium: "gemm_tt_medium",
	gemmNNSmall: "gemm_nn_small", gemmNTSmall: "gemm_nt_small", gemmTNSmall: "gemm_tn_small", gemmTTSmall: "gemm_tt_small",
	sumParts:         "sum_parts",
	convPatchesLarge: "conv_patches_large", convPatchesTall: "conv_patches_tall", convPatchesNarrow: "conv_patches_narrow",
	convWeightsLarge: "conv_weights_large", convWeightsTall: "conv_weights_tall", convWeightsLittle: "conv_weights_little",
	convPixelsLarge: "conv_pixels_large", convPixelsTall: "conv_pixels_tall", convPixelsSlim: "conv_pixels_slim",
	biasAct: "bias_act", actBackward: "act_backward", copyRows: "copy_rows", addRows: "add_rows", mulRows: "mul_rows",
	colSum: "col_sum",
	gru:    "gru", gruBackward: "gru_backward", gruGates: "gru_gates", gruBlend: "gru_blend",
	gruBlendBackward: "gru_blend_backward", gruGatesBackward: "gru_gates_backward",
	normal: "normal", normalBackward: "normal_backward", divergence: "divergence", divergenceBackward: "divergence_backward",
	fill: "fill", axpy: "axpy", scale: "scale", pixels: "pixels", levels: "levels",
	squaredError: "squared_error", sumSquares: "sum_squares", sumDoubles: "sum_doubles", tensorSquares: "tensor_squares", adam: "adam",
	streamNormals: "stream_normals", perturb: "perturb", elites: "elites", softmax: "softmax",
	scanForward: "scan_forward", scanForwardPair: "scan_forward_pair", scanBackward: "scan_backward", scanBackwardPair: "scan_backward_pair",
	layerNorm: "layer_norm", layerNormBackward: "layer_norm_backward", layerNormSums: "layer_norm_sums", layerNormParts: "layer_norm_parts",
	chainBlocks: "chain_blocks", chainCouplings: "chain_couplings", chainRest: "chain_rest", chainMiss: "chain_miss",
	chainPanelShort: "chain_panel_32", chainPanelLong: "chain_panel_96", chainSchurMedium: "chain_schur_medium", chainSchurSmall: "chain_schur_small",
	chainBack: "chain_back", chainForward: "chain_forward", chainFinish: "chain_finish", gruJacobian: "gru_jacobian",
	fitSums: "fit_sums", fitSquares: "fit_squares", fit: "fit",
}

// String is the kernel's name in the PTX.
func (k Kernel) String() string {
	if products <= k && k < 2*products {
		return names[k-products] + "_tf32"
	}
	return names[k]
}

// All lists the kernels.
func All() []Kernel {
	all := make([]Kernel, kernelCount)
	for i := range all {
		all[i] = Kernel(i)
	}
	return all
}
