package demo

import (
	"math"
	"time"

	"github.com/latco-studio/latco/app/engine"
	"github.com/latco-studio/latco/learning"
)

// training is a run half way through.
func training(c engine.StartTraining) engine.TrainView {
	v := engine.TrainView{Status: engine.TrainRunning, Task: "lottery", Title: "Lottery", Preset: c.Preset, Doing: "updating", Total: 2000, Updates: 840,
		Rate: 61, ETA: 19 * time.Second, Frames: 15000, Episodes: 100, LastSave: time.Now(), Curves: curves(840, 1), Lapse: lapse(840),
		Usage: engine.Usage{Device: "cpu (oneDNN 2.6.3, 1 thread, AVX-512)", Cores: 1.4, CPUs: 2, Resident: 612e6, Replay: 184e6}}
	if c.Updates > 0 {
		v.Total = c.Updates
	}
	v.OpenLoop = openLoop(800)
	return v
}

// curves are losses that fall and returns that rise, at another pace for each run.
func curves(n int, pace float64) map[string][]engine.Point {
	c := map[string][]engine.Point{}
	put := func(name string, i int, y, half float64) {
		c[name] = append(c[name], engine.Point{Updates: i, Frames: 25 * i, WallS: float64(i) / 20, Y: y, Low: y - half, High: y + half})
	}
	for i := 0; i < n; i += 10 {
		x, wiggle := pace*float64(i), 1+0.08*math.Sin(float64(i)/7)
		img, reward, kl := (40+2000*math.Exp(-x/120))*wiggle, (0.02+1.2*math.Exp(-x/260))*wiggle, (1.1+6*math.Exp(-x/90))*wiggle
		put("image", i, img, 0)
		put("reward", i, reward, 0)
		put("kl", i, kl, 0)
		put("total", i, img+reward+kl, 0)
		put("grad_norm", i, 900*math.Exp(-x/300)*wiggle, 0)
		if i%50 == 0 {
			put("return", i, x/100-2+4*math.Sin(float64(i)), 0)
			put("success", i, min(1, 0.1+x/1200), 0)
		}
		if i%200 == 0 {
			put("evaluation", i, x/80-2, 1.5)
			rate := min(1, 0.1+x/1000)
			put("evaluation_success", i, rate, min(rate, 1-rate, 0.2))
		}
	}
	return c
}

// openLoop is a prediction that is the better the more updates there were.
func openLoop(updates int) *engine.OpenLoop {
	const rows = 30
	o := &engine.OpenLoop{Updates: updates, Context: 5, HeldOut: true, Error: 0.02 + 0.2*math.Exp(-float64(updates)/150)}
	blur := math.Exp(-float64(updates) / 200)
	for t := range rows {
		x, drift := -0.6+float64(t)*0.04, float64(max(0, t-5))*(0.004+0.02*blur)
		o.Truth = append(o.Truth, picture(x, x*0.7, 1))
		o.Model = append(o.Model, picture(x+drift, x*0.7-drift, 1-0.8*blur))
	}
	return o
}

// lapse is how predictions sharpened until so many updates.
func lapse(updates int) *engine.TimeLapse {
	l := &engine.TimeLapse{}
	for n := 1; n <= updates; n = max(n+10, n*6/5) {
		l.Shots = append(l.Shots, learning.Shot{Updates: n, WallS: float64(n) / 20, Error: openLoop(n).Error})
	}
	shots := l.Shots
	l.Open = func(i int) (*engine.OpenLoop, error) { return openLoop(shots[i].Updates), nil }
	return l
}
