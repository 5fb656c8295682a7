package task

import (
	"math"
	"math/rand"

	"github.com/latco-studio/latco/sim/mujoco"
)

// scatterLimited draws every joint that has limits uniformly from between them; such
// joints are hinges and slides here.
func scatterLimited(w *world, rng *rand.Rand) {
	for j, limits := range w.model.JointRange {
		if w.model.JointLimited[j] {
			w.QPos[w.model.JointQPos[j]] = uniform(rng, limits[0], limits[1])
		}
	}
}

// scatter also turns hinges without limits to any angle in [−π, π).
func scatter(w *world, rng *rand.Rand) {
	scatterLimited(w, rng)
	for j, kind := range w.model.JointType {
		if kind == mujoco.HingeJoint && !w.model.JointLimited[j] {
			w.QPos[w.model.JointQPos[j]] = uniform(rng, -math.Pi, math.Pi)
		}
	}
}

func uniform(rng *rand.Rand, lo, hi float64) float64 { return lo + (hi-lo)*rng.Float64() }

// touches says whether anything is in contact where positions are now. A posture that
// the simulator cannot compute, for too many contacts, counts as touching; it is lost.
func touches(w *world) bool { return w.Start() != nil || w.NContact() > 0 }
