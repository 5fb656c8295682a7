package task

import (
	"github.com/latco-studio/latco/render"
	"github.com/latco-studio/latco/sim"
)

var (
	discNeutral = [4]float32{0.66, 0.69, 0.73, 1}
	discPaid    = [4]float32{0.10, 0.62, 0.34, 1}
	discLost    = [4]float32{0.66, 0.05, 0.13, 1}
)

// paint turns the disc that paid green, or red if it took.
func (l *lottery) paint(w *world) {
	colour := [goals][4]float32{discNeutral, discNeutral}
	switch int(w.memory[memoryOutcome]) {
	case outcomeSure:
		colour[goalSure] = discPaid
	case outcomeWin:
		colour[goalLottery] = discPaid
	case outcomeLoss:
		colour[goalLottery] = discLost
	}
	for g, site := range l.sites {
		w.scene.TintSite(site, colour[g])
	}
}

// handles are the ball, which stops where it is put, and both goals.
func (l *lottery) handles(w *world) []sim.Handle {
	hs := []sim.Handle{{
		Name:   "ball",
		Object: render.Object{Kind: render.BodyGeom, Body: l.ball, ID: l.geom},
		Move: func(pos [3]float64) error {
			if err := sim.CheckFinite("position of the ball", pos[:]); err != nil {
				return err
			}
			for i := range w.QPos {
				w.QPos[i] = onBoard(pos[i])
				w.Ctrl[i], w.QVel[i] = w.QPos[i], 0
			}
			return w.Kinematics()
		},
	}}
	for g, name := range lotteryGoalNames {
		hs = append(hs, sim.Handle{
			Name:   name + " goal",
			Object: render.Object{Kind: render.Site, Body: l.body[g], ID: l.sites[g]},
			Move: func(pos [3]float64) error {
				if err := sim.CheckFinite("position of the "+name+" goal", pos[:]); err != nil {
					return err
				}
				at := &w.MocapPos[l.mocap[g]]
				at[0], at[1] = onBoard(pos[0]), onBoard(pos[1])
				return w.Kinematics()
			},
		})
	}
	return hs
}

func onBoard(x float64) float64 { return min(max(x, -lotteryReach), lotteryReach) }
