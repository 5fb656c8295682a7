package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

// Humanoid is Gym's Humanoid-v2: 1.25·Δx/Δt of the centre of mass + 5 − 0.1 ‖ctrl‖² −
// the contact cost, ending when the torso leaves 1 to 2 m. The observation is height,
// quaternion and the joints' angles (rad), all velocities, and of each of 14 bodies
// cinert (10) and cvel (6), then qfrc_actuator (23) and cfrc_ext (6 a body).
func Humanoid() sim.Task {
	return humanoid(func(w *world, obs []float64) {
		obs = velocities(w, positions(w, obs, 2))
		obs = spatial(inertias(obs, w.CInert), w.CVel)
		spatial(obs[copy(obs, w.QfrcActuator):], w.CfrcExt)
	}).task(sim.Task{
		Name:      "humanoid",
		Title:     "Humanoid",
		Summary:   "Seventeen motors keep a figure on its feet and make it run; 376 observed numbers say the same thing several times over.",
		ActionDim: 17, ObsDim: 376,
		Camera: humanoidCamera, FreeCamera: humanoidFreeCamera,
	})
}

// TruncatedHumanoid is Humanoid with the first 45 observations, positions and
// velocities (MBPO and ALM). Reward and termination are Humanoid's.
func TruncatedHumanoid() sim.Task {
	return humanoid(func(w *world, obs []float64) { velocities(w, positions(w, obs, 2)) }).task(sim.Task{
		Name:      "truncated-humanoid",
		Title:     "Truncated humanoid",
		Summary:   "Seventeen motors keep a figure on its feet and make it run, from postures and velocities alone.",
		ActionDim: 17, ObsDim: 45,
		Camera: humanoidCamera, FreeCamera: humanoidFreeCamera,
	})
}

var (
	humanoidCamera     = render.Camera{LookAt: [3]float64{0, 0, 0.95}, Distance: 3.2, Azimuth: 90, Elevation: -12}
	humanoidFreeCamera = render.Camera{LookAt: [3]float64{0, 0, 0.9}, Distance: 3.0, Azimuth: 135, Elevation: -14}
)

func humanoid(observe func(w *world, obs []float64)) locomotion {
	return locomotion{
		file: "humanoid.xml", substeps: 5,
		noise: 0.01,
		place: centreOfMass, gain: 1.25, alive: 5, effort: 0.1,
		impact: humanoidImpact, healthy: humanoidHealthy, observe: observe,
	}
}

// humanoidImpact is 5·10⁻⁷ ‖cfrc_ext‖², at most 10.
func humanoidImpact(cfrcExt [][6]float64) (cost float64) {
	for i := range cfrcExt {
		cost += squares(cfrcExt[i][:])
	}
	return min(5e-7*cost, 10)
}

func humanoidHealthy(qpos, _ []float64) bool { return qpos[2] >= 1 && qpos[2] <= 2 }
