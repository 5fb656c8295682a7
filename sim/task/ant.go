package task

import (
	"math"

	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Ant is Gym's Ant-v2: Δx/Δt of the torso + 1 − 0.5 ‖a‖² − the contact cost, ending
// when the torso leaves 0.2 to 1 m. The observation is height, quaternion and the
// joints' angles (rad), all velocities, and the external force on each of 14 bodies,
// torque first, cut to ±1.
func Ant() sim.Task {
	return ant(func(w *world, obs []float64) {
		obs = velocities(w, positions(w, obs, 2))
		for i := range w.CfrcExt {
			obs = clipped(obs, w.CfrcExt[i][:], 1)
		}
	}).task(sim.Task{
		Name:      "ant",
		Title:     "Ant",
		Summary:   "Four legs run along x; 84 of the 111 observed numbers are contact forces, most of them zero.",
		ActionDim: 8, ObsDim: 111,
		Camera: antCamera, FreeCamera: antFreeCamera,
	})
}

// TruncatedAnt is Ant with the first 27 observations, the contact forces left out
// (MBPO and ALM). Reward and termination are Ant's.
func TruncatedAnt() sim.Task {
	return ant(func(w *world, obs []float64) { velocities(w, positions(w, obs, 2)) }).task(sim.Task{
		Name:      "truncated-ant",
		Title:     "Truncated ant",
		Summary:   "Four legs run along x, knowing postures and velocities but not what they touch.",
		ActionDim: 8, ObsDim: 27,
		Camera: antCamera, FreeCamera: antFreeCamera,
	})
}

var (
	antCamera     = render.Camera{LookAt: [3]float64{0, 0, 0.4}, Distance: 3.4, Azimuth: 90, Elevation: -35}
	antFreeCamera = render.Camera{LookAt: [3]float64{0, 0, 0.45}, Distance: 3.6, Azimuth: 128, Elevation: -24}
)

func ant(observe func(w *world, obs []float64)) locomotion {
	return locomotion{
		file: "ant.xml", substeps: 5,
		noise: 0.1, gaussian: true,
		place: torso, gain: 1, alive: 1, effort: 0.5,
		impact: antImpact, healthy: antHealthy, observe: observe,
	}
}

// antImpact is 5·10⁻⁴ ‖cfrc_ext cut to ±1‖².
func antImpact(cfrcExt [][6]float64) (cost float64) {
	for i := range cfrcExt {
		for _, f := range cfrcExt[i] {
			f = min(max(f, -1), 1)
			cost += f * f
		}
	}
	return 5e-4 * cost
}

func antHealthy(qpos, qvel []float64) bool {
	return bounded(math.Inf(1), qpos) && bounded(math.Inf(1), qvel) && qpos[2] >= 0.2 && qpos[2] <= 1
}
