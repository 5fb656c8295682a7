package task

import (
	"math"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Walker2d is Gym's Walker2d-v2: Δx/Δt + 1 − 10⁻³ ‖a‖², ending when the torso leaves
// 0.8 to 2 m or leans by 1 rad. The observation is height, pitch and the joints'
// angles (rad), then all velocities cut to ±10.
func Walker2d() sim.Task {
	return locomotion{
		file: "walker2d.xml", substeps: 4,
		noise: 0.005,
		place: slider, gain: 1, alive: 1, effort: 1e-3,
		healthy: walker2dHealthy, observe: observePlanar,
	}.task(sim.Task{
		Name:      "walker2d",
		Title:     "Walker2d",
		Summary:   "Two legs walk forward; a gait that uses both must be found among many that drag one and fall.",
		ActionDim: 6, ObsDim: 17,
		Camera:     render.Camera{LookAt: [3]float64{0, 0, 0.75}, Distance: 2.6, Azimuth: 90, Elevation: -10},
		FreeCamera: render.Camera{LookAt: [3]float64{0, 0, 0.72}, Distance: 2.9, Azimuth: 116, Elevation: -12},
	})
}

func walker2dHealthy(qpos, _ []float64) bool {
	height, pitch := qpos[1], qpos[2]
	return height > 0.8 && height < 2 && math.Abs(pitch) < 1
}
