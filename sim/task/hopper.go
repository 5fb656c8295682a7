package task

import (
	"math"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Hopper is Gym's Hopper-v2: Δx/Δt + 1 − 10⁻³ ‖a‖², ending when it sinks to 0.7 m,
// leans by 0.2 rad, or any other number of its state leaves ±100. The observation is
// height, pitch and the joints' angles (rad), then all velocities cut to ±10.
func Hopper() sim.Task {
	return locomotion{
		file: "hopper.xml", substeps: 4,
		noise: 0.005,
		place: slider, gain: 1, alive: 1, effort: 1e-3,
		healthy: hopperHealthy, observe: observePlanar,
	}.task(sim.Task{
		Name:      "hopper",
		Title:     "Hopper",
		Summary:   "One leg hops forward without ever leaning by more than 0.2 rad; standing still already pays, falling ends everything.",
		ActionDim: 3, ObsDim: 11,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.75}, Distance: 2.6, Azimuth: 90, Elevation: -10},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.72}, Distance: 2.9, Azimuth: 116, Elevation: -12},
	})
}

func hopperHealthy(qpos, qvel []float64) bool {
	height, pitch := qpos[1], qpos[2]
	return bounded(math.Inf(1), qpos[:2]) && bounded(100, qpos[2:]) && bounded(100, qvel) &&
		height > 0.7 && math.Abs(pitch) < 0.2
}

func observePlanar(w *world, obs []float64) { clipped(positions(w, obs, 1), w.QVel, 10) }
