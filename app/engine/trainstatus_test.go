package engine

import (
	"testing"
	"time"
)

func TestTrainingSentence(t *testing.T) {
	for _, c := range []struct {
		view TrainView
		want string
	}{
		{TrainView{Status: TrainRunning, Task: "one", Updates: 7, Total: 20, Rate: 2, ETA: 6 * time.Second}, "Training: 7 of 20 updates, 2 a second, 6s left."},
		{TrainView{Status: TrainRunning, Task: "two", Title: "Rail two", Updates: 7, Collected: 300, TotalFrames: 900}, "Training Rail two: 7 updates, 300 of 900 frames."},
		{TrainView{Status: TrainCollecting, Task: "one", Episodes: 3}, "Collecting episodes to train on: 3 so far."},
	} {
		s := &State{Task: TaskInfo{Name: "one"}, Train: c.view}
		if got := trainingSentence(s).Text; got != c.want {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}
