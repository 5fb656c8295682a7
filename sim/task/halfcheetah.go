package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// HalfCheetah is Gym's HalfCheetah-v2: Δx/Δt − 0.1 ‖a‖², no termination. The
// observation is height, pitch and the joints' angles (rad), then all velocities.
func HalfCheetah() sim.Task {
	return locomotion{
		file: "halfcheetah.xml", substeps: 5,
		noise: 0.1, gaussian: true,
		place: slider, gain: 1, effort: 0.1,
		observe: func(w *world, obs []float64) { velocities(w, positions(w, obs, 1)) },
	}.task(sim.Task{
		Name:      "halfcheetah",
		Title:     "HalfCheetah",
		Summary:   "Half a cheetah runs as fast as it can; it never falls for good, so sliding on its back is the trap to learn out of.",
		ActionDim: 6, ObsDim: 17,
		Camera:     render.Camera{LookAt: [3]float64{0.05, 0, 0.5}, Distance: 2.6, Azimuth: 90, Elevation: -12},
		FreeCamera: render.Camera{LookAt: [3]float64{0.1, 0, 0.5}, Distance: 2.6, Azimuth: 112, Elevation: -14},
	})
}
